import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { startServer } from '../harness/processes.ts'
import type { LoadRequest } from '../load/load.ts'
import { installOnce } from './install-once.ts'
import { multipartBody, UPLOADERS } from './multipart-body.ts'
import type { Peer, PeerStart, RunningPeer } from './peer.ts'
import { runTool } from './run-tool.ts'

const SOURCE = join(import.meta.dirname, 'django')

/** The same profile endpoint on Django REST framework, with Django's own settings for SQLite. */
export const django: Peer = {
  name: 'Django REST framework',
  durability: 'rollback journal, synchronous=FULL',
  uploadWork: 'header check only',
  install,
  start
}

const folderIn = (cache: string) => resolve(cache, 'django')
const pythonIn = (cache: string) => join(folderIn(cache), 'venv', 'bin', 'python')

const REPORTED = ['Django', 'djangorestframework', 'djangorestframework_simplejwt', 'gunicorn', 'pillow']

function install(cache: string): Promise<Record<string, string>> {
  return installOnce({
    source: SOURCE,
    target: folderIn(cache),
    async build(target) {
      await runTool('python3', ['-m', 'venv', 'venv'], target)
      const python = pythonIn(cache)
      await runTool(
        python,
        ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
        target
      )
      const frozen = await runTool(python, ['-m', 'pip', 'freeze'], target)
      const version = await runTool(
        python,
        ['-c', 'import platform; print(platform.python_version())'],
        target
      )
      const installed = frozen
        .trim()
        .split('\n')
        .map((line) => line.split('=='))
      const reported = installed.filter(([name = '']) => REPORTED.includes(name))
      return { ...Object.fromEntries(reported), python: version.trim() }
    }
  })
}

interface User {
  id: number
  token: string
}

/** Two measured 5 to 12 % slower than one where both have one core. */
const WORKERS = 1

async function start({ cache, folder, port, userCount, picture }: PeerStart): Promise<RunningPeer> {
  const python = pythonIn(cache)
  const code = folderIn(cache)
  // Its settings look for their database and this key in the folder that they are run in.
  await writeFile(join(folder, 'secret-key'), randomBytes(32).toString('hex'))
  const manage = (...args: string[]) => runTool(python, [join(code, 'manage.py'), ...args], folder)
  await manage('migrate')
  const printed = await manage('create_users', String(userCount))
  const users = JSON.parse(printed) as User[]

  const address = `127.0.0.1:${port}`
  const server = await startServer({
    command: python,
    args: [
      ...['-m', 'gunicorn', 'bench_site.wsgi', '--pythonpath', code],
      ...['--bind', address, '--workers', String(WORKERS)],
      // It would be a file in the home folder, the same for every server.
      '--no-control-socket'
    ],
    cwd: folder,
    origin: `http://${address}`,
    readyPath: '/',
    output: join(folder, 'server.log')
  })
  return {
    server,
    updates: users.map((user, index) => updateOf(user, index)),
    uploads: users.slice(0, UPLOADERS).map((user) => uploadOf(user, picture))
  }
}

const pathOf = ({ id }: User) => `/api/profile/${id}/update/`

function updateOf(user: User, index: number): LoadRequest {
  return {
    method: 'PUT',
    path: pathOf(user),
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${user.token}` },
    body: JSON.stringify({
      first_name: `First ${index}`,
      last_name: `Last ${index}`,
      number_phone: String(5_550_000_000 + index)
    })
  }
}

function uploadOf(user: User, picture: Buffer): LoadRequest {
  const { headers, body } = multipartBody('avatar', picture)
  return {
    method: 'PUT',
    path: pathOf(user),
    headers: { ...headers, Authorization: `Bearer ${user.token}` },
    body
  }
}
