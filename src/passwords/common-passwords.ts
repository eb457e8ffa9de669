import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

const LIST = new URL('./common-passwords.txt.gz', import.meta.url)

/** The one thing that modules here keep: the list is large and never changes. */
let loaded: Promise<Set<string>> | undefined

/**
 * The 20,000 passwords that Django's CommonPasswordValidator refuses, in lower case; read when first asked for.
 * The list is Royce Williams's (gist 226886fd01572964e1431ac8afc999ce), as Django 5.2 ships it.
 */
export function commonPasswords(): Promise<Set<string>> {
  loaded ??= readList().catch((error) => {
    // Not remembered: the next one who asks tries again.
    loaded = undefined
    throw error
  })
  return loaded
}

async function readList(): Promise<Set<string>> {
  const text = await promisify(gunzip)(await readFile(LIST))
  return new Set(
    text
      .toString('utf8')
      .split('\n')
      .map((line) => line.trim())
  )
}
