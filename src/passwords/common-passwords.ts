import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

const LIST = new URL('./common-passwords.txt.gz', import.meta.url)

let loaded: Promise<Set<string>> | undefined

/**
 * The 20,000 passwords that Django's CommonPasswordValidator refuses, in lower case; read when first asked for.
 * The list is Royce Williams's (gist 226886fd01572964e1431ac8afc999ce), as Django 5.2 ships it.
 */
export function commonPasswords(): Promise<Set<string>> {
  loaded ??= readFile(LIST)
    .then((bytes) => promisify(gunzip)(bytes))
    .then(
      (text) =>
        new Set(
          text
            .toString('utf8')
            .split('\n')
            .map((line) => line.trim())
        )
    )
  return loaded
}
