import { resolve } from 'node:path'
import { createDiskModel, type DiskModel, newFile, newFolder } from './disk-model.ts'
import { readRecord, type SystemCall } from './record.ts'

/** The memory that SQLite's connections share, which holds nothing of its own. */
const isIndex = (path: string) => path.endsWith('-shm')

const WRITES = /O_WRONLY|O_RDWR/
const NAMING = /^(?:mkdir|unlink|rmdir|rename|link|symlink)/

/**
 * Does again, on a disk that is only a model, what the processes of a record did to files under a root.
 * @param next told before each line of the record, with the place where it ends
 * @throws where something was done that the model doesn't know
 */
export async function replay(
  record: string,
  root: string,
  next: (end: number, disk: DiskModel) => Promise<void>
): Promise<DiskModel> {
  const disk = createDiskModel(root)
  /** Where `write` goes on in a file that is open. */
  const positions = new Map<number, number>()
  /** Syncs on their way. */
  const syncs = new Map<SystemCall, () => void>()
  const isOurs = (path: string | undefined): path is string =>
    path !== undefined && (path === root || path.startsWith(`${root}/`)) && !isIndex(path)

  /** libuv’s ring for files polls; the one by which it watches sockets doesn’t, and writes nothing. */
  function entered(call: SystemCall): void {
    const [path] = call.paths
    if (call.name === 'io_uring_setup' && call.args.includes('IORING_SETUP_SQPOLL'))
      throw new Error('a process writes by io_uring, which the record doesn’t show')
    if ((call.name === 'fsync' || call.name === 'fdatasync') && isOurs(path))
      syncs.set(call, disk.beginSync(path))
  }

  function returned(call: SystemCall, entry: SystemCall): void {
    if (Number.isNaN(call.result) || call.result < 0) return
    const { name, texts, paths, args } = call
    const [from, to] = texts.map((text) => resolve(root, String(text)))
    const [path] = paths
    if (name === 'open' || name === 'openat') opened(call)
    else if (name.endsWith('sync')) syncs.get(entry)?.()
    else if (NAMING.test(name)) renamed(name, from, to)
    // A deleted file may still be written to.
    else if (isOurs(path) && !args.includes('(deleted)')) wrote(call, path)
  }

  function opened({ args, paths, result }: SystemCall): void {
    const path = paths.at(-1)
    if (!isOurs(path) || !WRITES.test(args)) return
    positions.set(result, 0)
    if (args.includes('O_CREAT') && !disk.find(path)) disk.add(path, newFile())
    if (args.includes('O_TRUNC')) disk.truncate(path, 0)
  }

  function renamed(name: string, from: string | undefined, to: string | undefined): void {
    if (!isOurs(from)) return
    if (name.startsWith('mkdir')) disk.add(from, newFolder())
    else if (name.startsWith('unlink') || name === 'rmdir') disk.remove(from)
    else if (!isOurs(to)) throw new Error(`${from} was moved away`)
    else if (name.startsWith('rename')) disk.rename(from, to)
    else if (name.startsWith('link')) disk.link(from, to)
    else throw new Error(`${name} of ${from} is not modelled`)
  }

  function wrote({ name, args, texts, fd, result }: SystemCall, path: string): void {
    const last = Number(/, (\d+)\) += /.exec(args)?.[1])
    const bytes = Buffer.concat(texts).subarray(0, result)
    const at = positions.get(fd) ?? 0
    if (name === 'pwrite64' || name === 'pwritev') disk.write(path, last, bytes)
    else if (name === 'write' || name === 'writev') {
      positions.set(fd, at + bytes.length)
      disk.write(path, at, bytes)
    } else if (name === 'ftruncate') disk.truncate(path, last)
    else throw new Error(`${name} of ${path} is not modelled`)
  }

  await readRecord(record, { entered, returned, next: (end) => next(end, disk) })
  return disk
}
