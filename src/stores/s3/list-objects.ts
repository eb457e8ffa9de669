import type { StoredFile } from '../../avatars/media-store.ts'
import type { Bucket } from './bucket.ts'
import { FOLDER, isObjectName } from './object-names.ts'

/**
 * The objects right in the folder, page by page. Times are by our clock, for ages are told by it: how far the server's is
 * off, each of its answers says.
 */
export async function* listObjects(bucket: Bucket, prefix: string): AsyncIterable<StoredFile> {
  const folder = prefix + FOLDER
  let token: string | undefined
  do {
    const { page, behindMs } = await readPage(bucket, folder, token)
    const decode = page.EncodingType === 'url' ? decodeName : (name: string) => name
    for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
      const name = decode(Key).slice(folder.length)
      // Whoever made a folder in a console left an object with an empty name.
      if (isObjectName(name))
        yield { key: name, bytes: Size, modifiedAt: (LastModified?.getTime() ?? Date.now()) + behindMs }
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (token !== undefined)
}

async function readPage({ sdk, client, Bucket, send }: Bucket, folder: string, token: string | undefined) {
  const command = new sdk.ListObjectsV2Command({
    Bucket,
    Prefix: folder,
    // What is in folders of this one is not ours.
    Delimiter: '/',
    // Names may have characters that XML has not.
    EncodingType: 'url',
    ...(token !== undefined && { ContinuationToken: token })
  })
  let behindMs = 0
  command.middlewareStack.add(
    (next) => async (sent) => {
      const result = await next(sent)
      const told = Date.parse(dateOf(result.response))
      behindMs = difference(Date.now(), told)
      return result
    },
    { step: 'deserialize', name: 'serverClock' }
  )
  const page = await send('ListObjectsV2', (abort) => client.send(command, abort))
  return { page, behindMs }
}

/** It tells whole seconds, and took a moment to come. */
const TOLERANCE_MS = 2000

/** How far a clock is behind ours, where it can be told that they differ at all. */
function difference(now: number, told: number): number {
  const behind = now - told
  return Math.abs(behind) > TOLERANCE_MS ? behind : 0
}

function dateOf(response: unknown): string {
  const headers = (response as { headers?: Record<string, string> }).headers
  return headers?.date ?? ''
}

/** As forms have it: a space is a plus. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return ''
  }
}
