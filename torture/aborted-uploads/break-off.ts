import { connect } from 'node:net'

export interface BrokenUpload {
  origin: string
  path: string
  token: string
  type: string
  body: Buffer
  /** Bytes of the body that are sent, at most all. */
  sentBytes: number
  /** Whether the body comes in chunks instead of with its length. */
  chunked: boolean
}

const PIECE_BYTES = 16_384

/** Sends a part of an upload, or all of it, then resets the connection without having read anything. */
export function breakOff(upload: BrokenUpload): Promise<void> {
  const { hostname, port } = new URL(upload.origin)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    const sent = upload.body.subarray(0, upload.sentBytes)
    // The service may refuse and close first.
    socket.on('error', () => {}).on('close', () => resolve())
    socket.on('connect', () => {
      socket.write(headOf(upload))
      for (let from = 0; from < sent.length; from += PIECE_BYTES) {
        const piece = sent.subarray(from, from + PIECE_BYTES)
        if (upload.chunked) socket.write(`${piece.length.toString(16)}\r\n`)
        socket.write(piece)
        if (upload.chunked) socket.write('\r\n')
      }
      if (upload.chunked && sent.length === upload.body.length) socket.write('0\r\n\r\n')
      // Once all of it is on its way: what is still in the process would be thrown away with the connection.
      socket.write('', () => socket.resetAndDestroy())
    })
  })
}

const headOf = ({ path, token, type, body, chunked }: BrokenUpload) =>
  `PATCH ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${type}\r\n` +
  `${chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`}\r\n\r\n`
