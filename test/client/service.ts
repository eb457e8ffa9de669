import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import type { ClientSettings } from '../../client/create-client.ts'
import { memoryTokens, type TokenStore } from '../../client/tokens.ts'
import { createClient } from '../../entries/client.ts'
import { buildTestApp, PASSWORD, type TestAppOptions, unique } from '../helper.ts'

/** The service on a free port, and what of it a client's test looks at. */
export async function serviceFor(t: Test, options: TestAppOptions = {}) {
  const service = await buildTestApp(t, options)
  const requests: string[] = []
  service.app.addHook('onRequest', async ({ method, url }) => void requests.push(`${method} ${url}`))
  await service.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = service.app.server.address() as AddressInfo
  const baseUrl = `http://127.0.0.1:${port}`
  const tokens = memoryTokens()
  const client = (more: Partial<ClientSettings> & { tokens?: TokenStore } = {}) =>
    createClient({ baseUrl, tokens, ...more })
  const signUp = () => {
    const username = unique('user')
    return client().signUp({ username, email: `${username}@example.com`, password: PASSWORD })
  }
  const count = (request: string) => requests.filter((one) => one === request).length
  return { ...service, baseUrl, tokens, client, signUp, requests, count }
}

export const REFRESH = 'POST /api/token/refresh/'

/** An access token that the service no longer takes. */
export const STALE = 'x.y.z'
