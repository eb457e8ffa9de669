import { noise } from '../../test/pictures.ts'
import type { Texts } from './known-account.ts'

/** Makes a form of a picture and texts. */
export type Upload = (texts: Partial<Texts>) => { type: string; body: Buffer }

const BOUNDARY = 'picture-and-texts'

/** Pictures of a few kilobytes up to some hundred. */
export async function makeUploads(): Promise<[Upload, ...Upload[]]> {
  const small = await (await noise(40, 40)).png().toBuffer()
  const middle = await (await noise(200, 200)).jpeg().toBuffer()
  const large = await (await noise(700, 500)).jpeg().toBuffer()
  return [formWith(small), formWith(middle), formWith(large)]
}

/** Of any bytes as the picture. */
export function formWith(picture: Buffer): Upload {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="avatar"; filename="picture"\r\n\r\n`
  return (texts) => {
    const parts = Object.entries(texts).map(
      ([name, text]) => `\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}`
    )
    const tail = `${parts.join('')}\r\n--${BOUNDARY}--\r\n`
    return {
      type: `multipart/form-data; boundary=${BOUNDARY}`,
      body: Buffer.concat([Buffer.from(head), picture, Buffer.from(tail)])
    }
  }
}
