import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { runMount } from './small-disk.ts'

/** A file system of its own in a file, which the kernel can be told to take for broken. */
export interface FailingDisk {
  /** As ext4 does where it meets an error: nothing is written any more, also by those who have files open. */
  turnReadOnly(): void
  /** Mends it and makes it writable, as an administrator would. Nobody may use it. */
  repair(): void
  unmount(): void
}

/**
 * Without `dioread_lock` ext4 writes new blocks first and marks them as written later. An error in between makes it lose them and
 * say all the same that they are synced (seen on Linux 6.18, in 5 of 80 rounds, in none of 80 with it): that is the disk's to keep.
 */
const OPTIONS = 'loop,errors=remount-ro,dioread_lock'

/**
 * @param image the file that it is in
 * @param path where it is mounted
 * @throws where nothing can be mounted: that needs root, on Linux, and loop devices
 */
export function mountFailingDisk(image: string, path: string, bytes: number): FailingDisk {
  mkdirSync(path, { recursive: true })
  writeFileSync(image, '')
  truncateSync(image, bytes)
  execFileSync('mkfs.ext4', ['-q', '-F', image], { stdio: ['ignore', 'ignore', 'pipe'] })
  const mount = () => runMount('mount', '-o', OPTIONS, image, path)
  const unmount = () => runMount('umount', path)
  mount()
  return {
    turnReadOnly: () =>
      writeFileSync(`/sys/fs/ext4/${deviceAt(path)}/trigger_fs_error`, 'as if it were broken'),
    repair() {
      unmount()
      check(image)
      mount()
    },
    unmount
  }
}

/** Such as `loop0`. */
function deviceAt(path: string): string {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
  const device = mounts.map((line) => line.split(' ')).find(([, point]) => point === path)?.[0]
  if (device === undefined) throw new Error(`nothing is mounted at ${path}`)
  return device.replace('/dev/', '')
}

/** Its exit code says 1 where something was mended; see e2fsck(8). */
function check(image: string): void {
  try {
    execFileSync('e2fsck', ['-f', '-p', image], { stdio: 'pipe' })
  } catch (error) {
    if (!(error instanceof Error && 'status' in error && error.status === 1)) throw error
  }
}
