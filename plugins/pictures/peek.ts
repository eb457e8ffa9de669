import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** The first bytes of what is to be sent, fewer where it is shorter. All of it is still to come. */
export async function peek(body: Buffer | Readable, bytes: number): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body.subarray(0, bytes)
  for (;;) {
    const head: Buffer | null = body.read(bytes)
    if (head !== null) {
      body.unshift(head)
      return head
    }
    if (body.readableEnded) return Buffer.alloc(0)
    await once(body, 'readable')
  }
}
