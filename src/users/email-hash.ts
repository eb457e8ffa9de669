import { createHash } from 'node:crypto'

/** By what Libravatar asks for the avatar of an email: the SHA-256 of it in lower case, as 64 hexadecimal digits. */
export const emailHash = (email: string): string =>
  createHash('sha256').update(email.trim().toLowerCase()).digest('hex')
