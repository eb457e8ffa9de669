/** Bytes in which a file says whether it moves. */
const HEAD_BYTES = 32

/** Bit of a WebP's extended header. */
const WEBP_ANIMATION = 0x02

/** Whether a picture may move: every GIF, and a WebP that says so. */
export async function isAnimated(file: Blob): Promise<boolean> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
  const head = String.fromCharCode(...bytes)
  if (head.startsWith('GIF8')) return true
  return (
    head.startsWith('RIFF') && head.slice(8, 16) === 'WEBPVP8X' && ((bytes[20] ?? 0) & WEBP_ANIMATION) !== 0
  )
}
