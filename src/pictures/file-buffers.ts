import { open } from 'node:fs/promises'

export interface FileBuffers {
  /** Reads a file whole and hands its bytes to the work; they are nobody's after that. */
  read<T>(path: string, work: (bytes: Buffer) => Promise<T>): Promise<T>
}

/**
 * Buffers for files that are read whole, used again and again. A new one of some megabytes for each upload makes V8
 * collect its whole heap several times a second, which costs as much as half of the decoding.
 * @param maxKept how many are kept: as many as files are read at once
 */
export function createFileBuffers(maxKept: number): FileBuffers {
  const free: Buffer[] = []

  function take(bytes: number): Buffer {
    const found = free.findIndex((buffer) => buffer.length >= bytes)
    const [buffer] = found < 0 ? [] : free.splice(found, 1)
    return buffer ?? Buffer.allocUnsafeSlow(powerOfTwo(bytes))
  }

  function giveBack(buffer: Buffer): void {
    free.push(buffer)
    free.sort((a, b) => a.length - b.length)
    // The larger ones are of more use.
    if (free.length > maxKept) free.shift()
  }

  return {
    async read(path, work) {
      const file = await open(path)
      let buffer: Buffer | undefined
      try {
        const { size } = await file.stat()
        buffer = take(size)
        return await work(buffer.subarray(0, await fill(file, buffer, size)))
      } finally {
        if (buffer) giveBack(buffer)
        await file.close()
      }
    }
  }
}

async function fill(file: Awaited<ReturnType<typeof open>>, buffer: Buffer, size: number): Promise<number> {
  let read = 0
  while (read < size) {
    const { bytesRead } = await file.read(buffer, read, size - read, read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return read
}

const powerOfTwo = (bytes: number) => 2 ** Math.ceil(Math.log2(Math.max(bytes, 65_536)))
