import Database from 'better-sqlite3'
import { findFileDamage } from '../../stores/sqlite/file-damage.ts'
import { ownMigrations, readSchemaVersion } from '../../stores/sqlite/schema-version.ts'
import { isSingleFile } from '../../stores/sqlite/single-file.ts'
import { IDENTITY_KEY_RULE } from '../../users/identity.ts'
import { DATABASE, type ManifestHead } from '../backup/manifest.ts'
import { printable } from '../printable.ts'
import type { ListedFiles } from './listed-files.ts'

interface Work {
  head: ManifestHead
  listed: ListedFiles
  onDamage(sentence: string): void
}

/** So many of a kind are named, the rest counted. */
const MOST = 20

/** Whether the rows of a backup are whole, of a schema that is known here, and fit the pictures that the manifest names. */
export function checkRows(path: string, work: Work): void {
  const { onDamage } = work
  if (!isSingleFile(path)) {
    onDamage(`${DATABASE} is not all there: it needs a log beside it.`)
    return
  }
  let database: Database.Database | undefined
  try {
    // It needs no log, so nothing is made beside it, and it may be on a disk that can't be written.
    database = new Database(path, { readonly: true, fileMustExist: true })
    // What a stranger's schema would have done while it is read.
    database.pragma('trusted_schema = OFF')
    const damage = findFileDamage(database)
    for (const text of damage) onDamage(`${DATABASE}: ${text}.`)
    if (damage.length === 0 && isKnownSchema(database, work)) compareUsers(database, work)
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    onDamage(`${DATABASE}: ${error.message}.`)
  } finally {
    database?.close()
  }
}

function isKnownSchema(database: Database.Database, { head, onDamage }: Work): boolean {
  const found = readSchemaVersion(database)
  const { migrations, newest, userVersion } = head.schema
  if (found.migrations !== migrations || found.newest !== newest || found.userVersion !== userVersion)
    onDamage(`${DATABASE} is of another schema than manifest.json says.`)
  const own = ownMigrations()
  const isNewer = found.newest > (own.at(-1) ?? 0) || found.userVersion > IDENTITY_KEY_RULE
  if (own.includes(found.newest) && !isNewer) return true
  onDamage(
    isNewer
      ? `The backup is of a newer version, ${printable(head.productVersion)}, than this program: its rows would not be understood.`
      : `${DATABASE} is of a schema that this program does not know.`
  )
  return false
}

function compareUsers(database: Database.Database, { head, listed, onDamage }: Work): void {
  const users = Number(database.prepare('select count(*) from users').pluck().get())
  if (users !== head.counts.users)
    onDamage(`manifest.json counts ${head.counts.users} users, and there are ${users}.`)
  const pictures = database
    .prepare<[], string>('select distinct avatar from users where avatar is not null')
    .pluck()
  let lacking = 0
  for (const picture of pictures.iterate()) {
    if (listed.notePicture(picture)) continue
    lacking++
    if (lacking <= MOST) onDamage(`A user has the picture ${printable(picture)}, which is not in the backup.`)
  }
  if (lacking > MOST) onDamage(`So have ${lacking - MOST} more.`)
  for (const name of listed.unnamed(MOST)) onDamage(`${printable(name)} is no user’s picture.`)
}
