import { type FileHandle, open } from 'node:fs/promises'

/** Far longer than any line of a manifest is. */
const MAX_LINE_BYTES = 65_536
const PIECE_BYTES = 262_144
const NEWLINE = 0x0a

/**
 * A file's lines as bytes, without their ends: what a text would make of bytes that are none, a checksum has to see.
 * @param refuse makes what is thrown where the last one has no end, or one is too long
 */
export async function* linesOf(path: string, refuse: () => Error): AsyncIterable<Buffer> {
  const file = await open(path, 'r')
  try {
    yield* split(file, refuse)
  } finally {
    await file.close()
  }
}

async function* split(file: FileHandle, refuse: () => Error): AsyncIterable<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for (let at = 0; ; ) {
    const piece = Buffer.alloc(PIECE_BYTES)
    const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, at)
    if (bytesRead === 0) break
    at += bytesRead
    rest = Buffer.concat([rest, piece.subarray(0, bytesRead)])
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      yield rest.subarray(0, end)
      rest = rest.subarray(end + 1)
    }
    if (rest.length > MAX_LINE_BYTES) throw refuse()
  }
  if (rest.length > 0) throw refuse()
}
