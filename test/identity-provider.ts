import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import type { Algorithm } from '../src/identity/algorithms.ts'
import { nowSeconds } from './helper.ts'

export const ISSUER = 'https://id.example.com/realms/main'
export const AUDIENCE = 'https://profiles.example.com'

export interface SigningKey {
  alg: Algorithm
  kid: string
  /** As a provider publishes it. */
  jwk: Record<string, unknown>
  publicKey: KeyObject
  /** A compact token of these claims, or of a payload that is written as it is. */
  sign(claims: object | string, header?: object | string): string
}

const encode = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const generate = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519')
}

export function makeKey(alg: Algorithm, kid: string): SigningKey {
  const { privateKey, publicKey } = generate[alg]()
  return {
    alg,
    kid,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
    publicKey,
    sign(claims, header = { alg, kid, typ: 'at+jwt' }) {
      const signed = `${encode(header)}.${encode(claims)}`
      const digest = alg === 'EdDSA' ? null : 'sha256'
      const signature = sign(digest, Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
      return `${signed}.${signature.toString('base64url')}`
    }
  }
}

/** The claims of an access token for us. */
export const externalClaims = (subject: string, over: object = {}) => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: subject,
  iat: nowSeconds(),
  exp: nowSeconds() + 600,
  ...over
})

/** The same with what a provider says of a person. */
export const personClaims = (name: string, over: object = {}) =>
  externalClaims(`id of ${name}`, {
    preferred_username: name,
    email: `${name}@example.com`,
    email_verified: true,
    given_name: 'Ada',
    family_name: 'Lovelace',
    ...over
  })

export interface Provider {
  url: string
  /** How often it was asked so far. */
  asked(): number
  publish(...keys: SigningKey[]): void
  /** Lets it answer in another way. */
  answer(listener: RequestListener): void
  /** As where its machine is off. */
  stop(): Promise<void>
}

/** An identity provider's set of keys on a port of this machine, closed when the test ends. */
export async function startProvider(t: Test, ...published: SigningKey[]): Promise<Provider> {
  let asked = 0
  let listener: RequestListener
  const publish = (...keys: SigningKey[]) => {
    const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) })
    listener = (_, response) => response.setHeader('content-type', 'application/json').end(body)
  }
  publish(...published)
  const server = createServer((request, response) => {
    asked++
    listener(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  t.teardown(stop)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    asked: () => asked,
    publish,
    answer(next) {
      listener = next
    },
    stop
  }
}
