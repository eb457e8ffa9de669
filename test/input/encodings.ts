import { randomUUID } from 'node:crypto'

type Fields = Readonly<Record<string, string>>

interface Encoded {
  body: Buffer
  headers: Record<string, string>
}

const encoded = (body: string, type: string): Encoded => ({
  body: Buffer.from(body),
  headers: { 'content-type': type }
})

/** Texts in a body of each type, to the letter: `FormData` would make CRLF of every end of a line. */
export const ENCODINGS: Record<string, (fields: Fields) => Encoded> = {
  json: (fields) => encoded(JSON.stringify(fields), 'application/json'),
  multipart(fields) {
    const boundary = randomUUID()
    const parts = Object.entries(fields).map(
      ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    )
    return encoded(`${parts.join('')}--${boundary}--\r\n`, `multipart/form-data; boundary=${boundary}`)
  },
  urlencoded: (fields) =>
    encoded(new URLSearchParams({ ...fields }).toString(), 'application/x-www-form-urlencoded')
}

/** Whether a text can be written in an encoding: of forms, half a surrogate pair can't. */
export const canCarry = (encoding: string, text: string) => encoding === 'json' || text.isWellFormed()
