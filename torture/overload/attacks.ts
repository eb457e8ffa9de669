import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { openConnection } from '../harness/connection.ts'
import type { Tally } from '../harness/tally.ts'

export interface Target {
  origin: string
  /** Of somebody who has an account. */
  token: string
  id: number
  /** A path whose answer is large. */
  largePath: string
}

export interface Strength {
  connections: number
  seconds: number
  /** How long slowhttptest waits for an answer of its own before it takes the service for gone. */
  patienceSeconds: number
}

/** Something that is done to the service for some seconds. */
export interface Attack {
  name: string
  run(target: Target, strength: Strength, tally: Tally): Promise<void>
}

/** The three forms of slowhttptest, Debian's. */
function slowHttpTest(name: string, args: (target: Target) => string[]): Attack {
  return {
    name,
    async run(target, { connections, seconds, patienceSeconds }, { count, fail }) {
      const pace = ['-c', connections, '-r', Math.ceil(connections / 2), '-l', seconds, '-i', 5]
      const child = spawn('slowhttptest', [...pace, '-p', patienceSeconds, ...args(target)].map(String))
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output = (output + text).slice(-20_000)
        })
      const [code] = await once(child, 'close').catch((error: Error) => {
        throw new Error(`slowhttptest could not be run: ${error.message}`)
      })
      const statuses = [...stripVTControlCharacters(output).matchAll(/service available: +(YES|NO)/g)]
      count(`${name}: connections`, connections)
      count(`${name}: looks at the service`, statuses.length)
      if (code !== 0) fail(`slowhttptest ended with ${code}: ${output.slice(-300)}`)
      if (statuses.length === 0) fail('slowhttptest told nothing')
      if (statuses.some(([, available]) => available === 'NO')) fail('slowhttptest found the service gone')
    }
  }
}

async function openMany(origin: string, howMany: number): Promise<{ sockets: Socket[]; closed(): number }> {
  const { hostname, port } = new URL(origin)
  let closed = 0
  const sockets = Array.from({ length: howMany }, () =>
    connect(Number(port), hostname)
      .on('error', () => {})
      .on('close', () => closed++)
      .resume()
  )
  await Promise.all(sockets.map((socket) => socket.connecting && once(socket, 'connect').catch(() => {})))
  return { sockets, closed: () => closed }
}

const idle: Attack = {
  name: 'idle connections',
  async run({ origin }, { connections, seconds }, { count }) {
    const { sockets, closed } = await openMany(origin, connections)
    await sleep(seconds * 1000)
    count('idle connections: opened', connections)
    count('idle connections: closed by the service', closed())
    for (const socket of sockets) socket.destroy()
  }
}

const drippingBodies: Attack = {
  name: 'bodies of a byte a second',
  async run({ origin, token, id }, { connections, seconds }, { count, fail }) {
    const { sockets, closed } = await openMany(origin, connections)
    const head =
      `PUT /api/profile/${id}/update/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n'
    for (const socket of sockets) socket.write(head)
    for (let second = 0; second < seconds && closed() < sockets.length; second++) {
      for (const socket of sockets) if (socket.writable) socket.write(' ')
      await sleep(1000)
    }
    count('bodies of a byte a second: sent', connections)
    count('bodies of a byte a second: refused', closed())
    if (closed() < sockets.length) fail(`${sockets.length - closed()} slow bodies were still waited for`)
    for (const socket of sockets) socket.destroy()
  }
}

const signInFlood: Attack = {
  name: 'sign-ins',
  async run({ origin }, { connections, seconds }, { count, fail }) {
    const until = Date.now() + seconds * 1000
    async function guess(index: number): Promise<void> {
      const connection = openConnection()
      for (let tries = 0; Date.now() < until; tries++) {
        const json = { email: `nobody${index}x${tries}@example.com`, password: 'not the right one' }
        const { status } = await connection.ask(origin, { path: '/api/sign-in/', json })
        count(`sign-ins: answered ${status}`)
        if (![400, 429, 503].includes(status)) fail(`a sign-in was answered with ${status}`)
        // Who is refused tries again, but not at once.
        if (status === 503) await sleep(100)
      }
      connection.close()
    }
    await Promise.all(Array.from({ length: connections }, (_, index) => guess(index)))
  }
}

const tooManyConnections: Attack = {
  name: 'more connections than are taken',
  async run({ origin }, { connections }, { count, fail }) {
    const { sockets, closed } = await openMany(origin, 2 * connections)
    await sleep(1000)
    count('more connections than are taken: opened', sockets.length)
    count('more connections than are taken: closed at once', closed())
    if (closed() === 0) fail('every connection was taken')
    for (const socket of sockets) socket.destroy()
  }
}

/** In the order in which they are made. The last keeps new connections out for a second: nobody watches it. */
export const ATTACKS: readonly Attack[] = [
  slowHttpTest('slow headers', ({ origin }) => [
    '-H',
    '-x',
    '24',
    '-t',
    'GET',
    '-u',
    `${origin}/api/profile/`
  ]),
  slowHttpTest('slow bodies', ({ origin }) => [
    '-B',
    '-s',
    '8192',
    '-x',
    '10',
    '-u',
    `${origin}/api/sign-in/`
  ]),
  slowHttpTest('slow readers', ({ origin, largePath }) => [
    ...['-X', '-w', '512', '-y', '1024', '-n', '5', '-z', '32', '-k', '3'],
    ...['-t', 'GET', '-u', origin + largePath]
  ]),
  idle,
  drippingBodies,
  signInFlood
]

export const UNWATCHED_ATTACKS: readonly Attack[] = [tooManyConnections]
