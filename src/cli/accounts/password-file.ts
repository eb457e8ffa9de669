import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { reasonOf } from '../../config-error.ts'

/** Why no password could be read; never what was read. */
export class UnreadablePassword extends Error {}

/** Far more than any password may have; more is another file. */
const MAX_BYTES = 4096

const LINE_END = 0x0a

/**
 * The password that a file holds, as those of Docker's secrets do: all of it but a line end behind it.
 * @throws {UnreadablePassword}
 */
export async function readPasswordFile(path: string): Promise<string> {
  const bytes = await readHead(createReadStream(path, { end: MAX_BYTES }), () => false).catch(
    (error: unknown) => {
      throw new UnreadablePassword(reasonOf(error))
    }
  )
  const line = bytes.at(-1) === LINE_END ? bytes.subarray(0, -1) : bytes
  if (line.includes(LINE_END)) throw new UnreadablePassword('expected one line')
  return decode(line)
}

/** The first line of what comes. @throws {UnreadablePassword} */
export async function readPasswordLine(input: Readable): Promise<string> {
  const bytes = await readHead(input, (head) => head.includes(LINE_END))
  return decode(bytes.includes(LINE_END) ? bytes.subarray(0, bytes.indexOf(LINE_END)) : bytes)
}

/** Reads until it is enough, or too much. */
async function readHead(input: Readable, isEnough: (head: Buffer) => boolean): Promise<Buffer> {
  let head = Buffer.alloc(0)
  for await (const chunk of input) {
    head = Buffer.concat([head, chunk])
    if (head.length > MAX_BYTES || isEnough(head)) break
  }
  return head
}

function decode(line: Buffer): string {
  // Where it comes from Windows, a line ends on two characters.
  const bytes = line.at(-1) === 0x0d ? line.subarray(0, -1) : line
  if (bytes.length > MAX_BYTES) throw new UnreadablePassword(`expected at most ${MAX_BYTES} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UnreadablePassword('expected UTF-8')
  }
}
