import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import type { LoadRequest } from '../load/load.ts'
import { makeUsers, postJson } from './fill.ts'
import { installOnce } from './install-once.ts'
import { multipartBody, UPLOADERS } from './multipart-body.ts'
import type { Peer, PeerStart, RunningPeer } from './peer.ts'
import { runTool } from './run-tool.ts'
import { startFilled } from './start-filled.ts'

const SOURCE = join(import.meta.dirname, 'pocketbase')
const MODULE = 'github.com/pocketbase/pocketbase'

/** PocketBase with its own settings and its own `users` collection. */
export const pocketbase: Peer = {
  name: 'PocketBase',
  // From DefaultDBConnect in its core/db_connect.go.
  durability: 'WAL, synchronous=NORMAL',
  uploadWork: 'stored undecoded',
  install,
  start
}

const folderIn = (cache: string) => resolve(cache, 'pocketbase')

function install(cache: string): Promise<Record<string, string>> {
  return installOnce({
    source: SOURCE,
    target: folderIn(cache),
    async build(target) {
      // The cache may lie in a repository that go can't ask for its version.
      await runTool('go', ['build', '-buildvcs=false', '-o', 'pocketbase', '.'], target)
      const version = await runTool('go', ['list', '-m', '-f', '{{.Version}}', MODULE], target)
      const go = await runTool('go', ['env', 'GOVERSION'], target)
      return { pocketbase: version.trim().replace(/^v/, ''), go: go.trim().replace(/^go/, '') }
    }
  })
}

interface User {
  id: string
  token: string
}

async function start({ cache, folder, port, userCount, picture }: PeerStart): Promise<RunningPeer> {
  const command = join(folderIn(cache), 'pocketbase')
  // A binary below the system's folder for temporary files would take itself for `go run` and log every query.
  const common = ['--dir', join(folder, 'pb_data'), '--dev=false']
  const superuser = { email: 'superuser@example.com', password: randomUUID() }
  await runTool(command, ['superuser', 'upsert', superuser.email, superuser.password, ...common], folder)

  const address = `127.0.0.1:${port}`
  const { server, users } = await startFilled(
    {
      command,
      args: ['serve', '--http', address, ...common],
      cwd: folder,
      origin: `http://${address}`,
      readyPath: '/api/health',
      output: join(folder, 'server.log')
    },
    (origin) => fill(origin, superuser, userCount)
  )
  return {
    server,
    updates: users.map((user, index) => updateOf(user, index)),
    uploads: users.slice(0, UPLOADERS).map((user) => uploadOf(user, picture))
  }
}

async function fill(
  origin: string,
  superuser: { email: string; password: string },
  userCount: number
): Promise<User[]> {
  const collections = `${origin}/api/collections`
  const signedIn = await postJson(`${collections}/_superusers/auth-with-password`, {
    identity: superuser.email,
    password: superuser.password
  })
  const headers = { Authorization: tokenOf(await signedIn.json()) }
  return makeUsers(userCount, async (index) => {
    const password = randomUUID()
    const created = await postJson(
      `${collections}/users/records`,
      { email: `user${index}@example.com`, password, passwordConfirm: password, name: `User ${index}` },
      headers
    )
    const { id } = (await created.json()) as { id: string }
    // A token as good as one from signing in, without hashing the password once more.
    const impersonated = await postJson(`${collections}/users/impersonate/${id}`, {}, headers)
    return { id, token: tokenOf(await impersonated.json()) }
  })
}

const tokenOf = (answer: unknown) => (answer as { token: string }).token

const pathOf = ({ id }: User) => `/api/collections/users/records/${id}`

function updateOf(user: User, index: number): LoadRequest {
  return {
    method: 'PATCH',
    path: pathOf(user),
    headers: { 'Content-Type': 'application/json', Authorization: user.token },
    body: JSON.stringify({ name: `Renamed ${index}` })
  }
}

function uploadOf(user: User, picture: Buffer): LoadRequest {
  const { headers, body } = multipartBody('avatar', picture)
  return {
    method: 'PATCH',
    path: pathOf(user),
    headers: { ...headers, Authorization: user.token },
    body
  }
}
