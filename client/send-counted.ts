import type { SendWithProgress } from './progress.ts'

const CHUNK_BYTES = 65_536

/** By a body that counts what is taken of it, which Node's fetch can send. */
export const sendCounted: SendWithProgress = async (request, _form, onProgress, fetch) => {
  const blob = await request.blob()
  const totalBytes = blob.size
  async function* counted() {
    for (let sentBytes = 0; sentBytes < totalBytes; onProgress({ sentBytes, totalBytes })) {
      const chunk = await blob.slice(sentBytes, sentBytes + CHUNK_BYTES).arrayBuffer()
      yield new Uint8Array(chunk)
      sentBytes += chunk.byteLength
    }
  }
  const streamed: object = { body: counted(), duplex: 'half' }
  return fetch(new Request(request, streamed))
}
