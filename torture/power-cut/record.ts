import { createReadStream } from 'node:fs'

/** A system call as strace wrote it down, whole. */
export interface SystemCall {
  name: string
  /** What stands between the parentheses, without what is quoted: that is in `texts`. */
  args: string
  texts: Buffer[]
  /** The paths of the open files that it names (`-y`), the result's last. */
  paths: string[]
  /** The number of the first of them. */
  fd: number
  result: number
}

export interface RecordReader {
  /** Told when a call is entered, so far as it says what it is about. */
  entered(call: SystemCall): void
  /** Told when it has returned, with what was told when it was entered. */
  returned(call: SystemCall, entry: SystemCall): void
  /** Told before each line, with the place where it ends. */
  next(end: number): void | Promise<void>
}

/** What of the processes is written down: everything that changes files, and what could do so unseen. */
const CALLS = [
  'open,openat,creat,write,writev,pwrite64,pwritev,pwritev2,truncate,ftruncate,fallocate,fsync,fdatasync',
  'sync_file_range,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlinkat',
  'copy_file_range,sendfile,io_uring_setup'
].join()

/** Longer than anything that is written at once. */
const MAX_BYTES = 4_194_304

/** Runs a program and writes down, in a file that is added to, what it and its children do to files. */
export const recorded = (record: string): string[] =>
  `strace --seccomp-bpf -f -A -qq -y -xx -s ${MAX_BYTES} -e signal=none -e trace=${CALLS} -o ${record}`.split(
    ' '
  )

const LINE = /^(\d+) +(?:<\.\.\. \w+ resumed>|(?=\w+\())(.*)$/s
const UNFINISHED = ' <unfinished ...>'

/** Reads a record, line by line. Calls of several threads overlap: those are two lines each. */
export async function readRecord(path: string, reader: RecordReader): Promise<void> {
  const open = new Map<string, { text: string; call: SystemCall }>()
  let offset = 0
  for await (const line of linesOf(path)) {
    offset += line.length + 1
    await reader.next(offset)
    const [, thread = '', text = ''] = LINE.exec(line) ?? []
    const before = open.get(thread)
    if (text.endsWith(UNFINISHED)) {
      const begun = text.slice(0, -UNFINISHED.length)
      const call = parseCall(begun)
      open.set(thread, { text: begun, call })
      reader.entered(call)
    } else if (text !== '') {
      open.delete(thread)
      const call = parseCall((before?.text ?? '') + text)
      if (!before) reader.entered(call)
      reader.returned(call, before?.call ?? call)
    }
  }
}

/** Where in a record the writes to a file end, by the end of its path. */
export async function findWrites(path: string, file: string): Promise<number[]> {
  const hex = [...Buffer.from(file)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  const places: number[] = []
  let offset = 0
  for await (const line of linesOf(path)) {
    offset += line.length + 1
    if (line.includes('pwrite64(') && line.slice(0, 2000).includes(`${hex}>`)) places.push(offset)
  }
  return places
}

async function* linesOf(path: string): AsyncIterable<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

function parseCall(text: string): SystemCall {
  const texts: Buffer[] = []
  const args = text.replaceAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g, (_all, hex: string, more?: string) => {
    if (more) throw new Error('the record leaves out some of what was written')
    texts.push(decode(hex))
    return '""'
  })
  const files = [...args.matchAll(/(-?\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})+)>/g)]
  return {
    name: /^\w+/.exec(args)?.[0] ?? '',
    args,
    texts,
    paths: files.map(([, , hex = '']) => String(decode(hex))),
    fd: Number(files[0]?.[1] ?? -1),
    result: Number(/ = (-?\d+)/.exec(args)?.[1] ?? Number.NaN)
  }
}

const decode = (hex: string) => Buffer.from(hex.replaceAll('\\x', ''), 'hex')
