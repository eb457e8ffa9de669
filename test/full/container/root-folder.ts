import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ENTER = fileURLToPath(new URL('enter', import.meta.url))

/** What names are looked up by, and what clients of registries are told. */
const COPIED = ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf', '/root/.npmrc']

/** A folder that a process takes for the whole file system, as far as a container's engine would make it one. */
export interface RootFolder {
  path: string
  /** Runs a command in it as root, as `RUN` does. @throws where the command fails, or it isn't root's to mount folders */
  build(command: readonly string[], workdir: string): void
  /** Starts a command in it as its user 1000, to whom all is read-only but `/tmp` and `/data`. */
  start(command: readonly string[], workdir: string, env: Record<string, string>): ChildProcess
}

/** Of the machine it sees programs and libraries; Node is the one of this process. */
export function makeRootFolder(path: string): RootFolder {
  for (const folder of ['etc', 'root', 'tmp']) mkdirSync(join(path, folder), { recursive: true })
  writeFileSync(join(path, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n')
  writeFileSync(join(path, 'etc/group'), 'root:x:0:\nnode:x:1000:\n')
  for (const file of COPIED) if (existsSync(file)) cpSync(file, join(path, file), { dereference: true })
  const node = dirname(process.execPath)
  return {
    path,
    build(command, workdir) {
      const args = [path, node, workdir, 'build', ...command]
      const { status, stdout } = spawnSync(ENTER, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stdout}`)
    },
    start(command, workdir, env) {
      mkdirSync(`${path}.seen`, { recursive: true })
      return spawn(ENTER, [path, node, workdir, 'run', ...command], {
        env,
        stdio: ['ignore', 'pipe', 'pipe']
      })
    }
  }
}

export function removeRootFolder({ path }: RootFolder): void {
  for (const one of [path, `${path}.seen`, `${path}.data`]) rmSync(one, { recursive: true, force: true })
}
