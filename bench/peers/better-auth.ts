import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { LoadRequest } from '../load/load.ts'
import { makeUsers, postJson } from './fill.ts'
import { installOnce } from './install-once.ts'
import type { Peer, PeerStart, RunningPeer } from './peer.ts'
import { runTool } from './run-tool.ts'
import { startFilled } from './start-filled.ts'

const SOURCE = join(import.meta.dirname, 'better-auth')

/** better-auth on better-sqlite3 with the settings that both come with. */
export const betterAuth: Peer = {
  name: 'better-auth',
  durability: 'rollback journal, synchronous=FULL',
  install,
  start: (options) => start(options, [])
}

/** The same with a write-ahead log, as careful people run it. */
export const betterAuthWal: Peer = {
  name: 'better-auth, set to WAL and synchronous=FULL',
  durability: 'WAL, synchronous=FULL',
  install,
  // In this order: better-sqlite3 is built to lower synchronous to NORMAL where there is a write-ahead log.
  start: (options) => start(options, ['journal_mode=WAL', 'synchronous=FULL'])
}

const folderIn = (cache: string) => resolve(cache, 'better-auth')

function install(cache: string): Promise<Record<string, string>> {
  return installOnce({
    source: SOURCE,
    target: folderIn(cache),
    async build(target) {
      // better-sqlite3 brings its binary along, so no package has a script to run.
      await runTool('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], target)
      return {
        'better-auth': await installedVersion(target, 'better-auth'),
        'better-sqlite3': await installedVersion(target, 'better-sqlite3')
      }
    }
  })
}

async function installedVersion(folder: string, name: string): Promise<string> {
  const file = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}

async function start({ cache, folder, port, userCount }: PeerStart, pragmas: string[]): Promise<RunningPeer> {
  const origin = `http://127.0.0.1:${port}`
  const { server, users } = await startFilled(
    {
      command: process.execPath,
      args: [join(folderIn(cache), 'server.js'), join(folder, 'auth.sqlite3'), String(port), ...pragmas],
      env: { NODE_ENV: 'production' },
      cwd: folder,
      origin,
      readyPath: '/api/auth/ok',
      output: join(folder, 'server.log')
    },
    () => makeUsers(userCount, (index) => signUp(origin, index))
  )
  return { server, updates: users.map((cookie, index) => updateOf(origin, cookie, index)) }
}

/** @returns the session's cookie */
async function signUp(origin: string, index: number): Promise<string> {
  const user = { email: `user${index}@example.com`, password: randomUUID(), name: `User ${index}` }
  const response = await postJson(`${origin}/api/auth/sign-up/email`, user, { Origin: origin })
  await response.arrayBuffer()
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.replace(/;.*/, ''))
    .join('; ')
}

function updateOf(origin: string, cookie: string, index: number): LoadRequest {
  return {
    method: 'POST',
    path: '/api/auth/update-user',
    // Who sends a cookie must send an origin too, as browsers do.
    headers: { 'Content-Type': 'application/json', Cookie: cookie, Origin: origin },
    body: JSON.stringify({ name: `Renamed ${index}` })
  }
}
