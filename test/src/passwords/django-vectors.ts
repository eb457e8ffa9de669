import { readFileSync } from 'node:fs'
import type { BoundedQueue } from '../../../src/bounded-queue.ts'
import type { HashAlgorithm } from '../../../src/passwords/verifiers/hash-verifier.ts'

export interface Vector {
  title: string
  password: string
  encoded: string
}

/** Hashes that Django made: `cheap` ones of all kinds, one of each kind at Django’s own cost or more, and a long one of bcrypt. */
export const vectors: Record<'cheap' | 'costly', Vector[]> & { seventyTwoBytes: Vector } = JSON.parse(
  readFileSync(new URL('./django-hashes.json', import.meta.url), 'utf8')
)

/** A queue that fails whoever asks it to do anything. */
export const idleQueue: BoundedQueue = {
  concurrency: 1,
  depth: () => ({ running: 0, waiting: 0 }),
  run: () => Promise.reject(new Error('there should have been no work'))
}

/** One cheap hash of each algorithm, made by Django too; its numbers may be replaced by others. */
export const TEMPLATES: Record<HashAlgorithm, (...numbers: (string | undefined)[]) => string> = {
  pbkdf2_sha256: (n = '1000') =>
    `pbkdf2_sha256$${n}$TZ3bAQnPvEVWDzZtrq4kFe$h7NqOq+acqxGi1OieHz+nIKX5jv/6r6rQcRP2ro4ja0=`,
  pbkdf2_sha1: (n = '1000') => `pbkdf2_sha1$${n}$jnA9F0GRmhuM4ybsYOK4Ot$+I4GyrlyXjfLWNBdNpKji9ROYnE=`,
  argon2: (m = '64', t = '1', p = '2') =>
    `argon2$argon2id$v=19$m=${m},t=${t},p=${p}$NXZuREExb1k3dGZKU1VaU2NFeFZiOA$tyYrgfjN/f6P3Vwjk3icDyN92oCbLhn0ayCGZBdRE9Q`,
  scrypt: (n = '16', r = '8', p = '1') =>
    `scrypt$${n}$ppguYi7LE6FCm5m0DRDq3o$${r}$${p}$u0UW3O22ld3yr7O0tSHUo9tOxjtaK5sCWOWpKgHtnAjfZQ+NrCKZRir7EB9xlZgFkGmrNvEf8dnbz/LXUN0cew==`,
  bcrypt_sha256: (n = '04') => `bcrypt_sha256$$2b$${n}$4gFB/.KXdAGbwsLjiiNAeOMJuHoUTAEhqeIqMgH7qMpoo1W6FEA/.`,
  bcrypt: (n = '04') => `bcrypt$$2b$${n}$dDLis/MdAdZrm5NarxZRFesbLbMOalN1kgemjUk5wJVntYMj5bqqa`
}

/** `TEMPLATES` as they are belong to this password. */
export const TEMPLATE_PASSWORD = 'Correct Horse 42!'
