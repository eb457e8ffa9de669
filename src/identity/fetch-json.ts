const MAX_BYTES = 262_144

/**
 * Asks a URL for JSON: of that very URL, since a redirect may lead anywhere, and no more of it than a set of keys has.
 * @param timeoutMs until the last byte
 * @throws where it answers otherwise, or not in time
 */
export async function fetchJson(url: URL, timeoutMs: number): Promise<unknown> {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(timeoutMs)
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${url.origin} answered ${response.status}`)
  }
  return JSON.parse(await readBounded(response, url))
}

async function readBounded({ body }: Response, { origin }: URL): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the rest.
    if (bytes > MAX_BYTES) throw new Error(`${origin} answered more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
