/** The bytes of Base64 text that is exactly what an encoder writes, padding and all; undefined for any other text. */
export function decodeBase64(text: string): Buffer | undefined {
  // Node takes much that is no Base64, and skips the rest.
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

/** The same without padding, as argon2's encoding has it. */
export function decodeBareBase64(text: string): Buffer | undefined {
  return text.includes('=') ? undefined : decodeBase64(text + '='.repeat((4 - (text.length % 4)) % 4))
}
