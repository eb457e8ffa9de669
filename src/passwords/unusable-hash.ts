import { randomInt } from 'node:crypto'

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 40

/**
 * What stands in a hash's place where an account has no password: no password matches it. Django's form of it, `!` and
 * 40 random characters (`make_password(None)` of django.contrib.auth.hashers, 5.2), so that no two are alike.
 */
export function makeUnusableHash(): string {
  return `!${Array.from({ length: LENGTH }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('')}`
}
