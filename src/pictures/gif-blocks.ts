const HEADER_BYTES = 13
const EXTENSION = 0x21
const IMAGE = 0x2c

/**
 * Whether each block that a GIF begins is there to its end (GIF 89a, 15 to 27). libvips refuses a picture that is cut off,
 * but shows of an animation what is there of its last frame, and leaves the rest of it empty. Without the last byte,
 * which says that nothing follows, a GIF is whole: some programs leave it out.
 */
export function isWholeGif(gif: Buffer): boolean {
  let at = HEADER_BYTES + colourTableBytes(gif[HEADER_BYTES - 3])
  for (;;) {
    const block = gif[at]
    if (block === EXTENSION) at = subBlocksEnd(gif, at + 2)
    else if (block === IMAGE) at = subBlocksEnd(gif, at + 11 + colourTableBytes(gif[at + 9]))
    // The end, or nothing that there may be: what that means is for the decoder to say.
    else return at <= gif.length
  }
}

const colourTableBytes = (flags = 0) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)

/** Where the data that begins here ends; past the end of the file where it doesn't. */
function subBlocksEnd(gif: Buffer, start: number): number {
  let at = start
  for (let size = gif[at]; size !== 0; size = gif[at]) {
    if (size === undefined) return gif.length + 1
    at += 1 + size
  }
  return at + 1
}
