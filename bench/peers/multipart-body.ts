import type { LoadRequest } from '../load/load.ts'

/** Fixed, so that every run sends the same bytes. */
const BOUNDARY = 'profile-bench-boundary-5f1c9a'

/** A form with one file (RFC 7578), as a request's body and the header that goes with it. */
export function multipartBody(field: string, jpeg: Buffer): Required<Pick<LoadRequest, 'headers' | 'body'>> {
  const head = [
    `--${BOUNDARY}`,
    `Content-Disposition: form-data; name="${field}"; filename="photo.jpg"`,
    'Content-Type: image/jpeg',
    '',
    ''
  ].join('\r\n')
  return {
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: Buffer.concat([Buffer.from(head), jpeg, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
  }
}

/** How many of the users upload; with more the requests would only fill memory with copies of the picture. */
export const UPLOADERS = 10
