import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'

/** A file system of its own, in memory. */
export interface SmallDisk {
  path: string
  freeBytes(): number
  /** Takes all but so many bytes, in whole pages. */
  fill(leaveBytes: number): void
  /** Gives back what `fill` took. */
  drain(): void
  /** @throws where files are open for writing: the system refuses then */
  setReadOnly(readOnly: boolean): void
  /** Takes the folder's contents out of sight, whoever uses them, until `remount`, which brings an empty one. */
  unmount(): void
  remount(): void
}

const FILLER = 'filler'
const PIECE = Buffer.alloc(1_048_576, 0x55)

/** @throws where nothing can be mounted: that needs root, on Linux */
export function mountSmallDisk(path: string, bytes: number): SmallDisk {
  mkdirSync(path, { recursive: true })
  const mount = () => runMount('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path)
  mount()

  function freeBytes(): number {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  }

  return {
    path,
    freeBytes,
    fill(leaveBytes) {
      const filler = openSync(`${path}/${FILLER}`, 'a')
      try {
        for (let left = freeBytes() - leaveBytes; left > 0; left = freeBytes() - leaveBytes)
          writeSync(filler, PIECE, 0, Math.min(left, PIECE.length))
      } finally {
        closeSync(filler)
      }
    },
    drain: () => rmSync(`${path}/${FILLER}`, { force: true }),
    setReadOnly: (readOnly) => runMount('mount', '-o', `remount,${readOnly ? 'ro' : 'rw'}`, path),
    unmount: () => runMount('umount', '-l', path),
    remount: mount
  }
}

/** @throws with what the system said, in one line */
export function runMount(command: 'mount' | 'umount', ...args: string[]): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    throw new Error(`${command} ${args.join(' ')} (which needs root, on Linux): ${said.split('\n')[0]}`, {
      cause: error
    })
  }
}
