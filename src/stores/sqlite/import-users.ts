import type { Database, Statement } from 'better-sqlite3'
import type { MediaKey } from '../../avatars/media-store.ts'
import type { UserValues } from '../../django/candidate.ts'
import { type Fingerprints, packFingerprints, unpackFingerprints } from '../../django/fingerprints.ts'
import type { KnownUser, TakenName, UserUpdate } from '../../django/import-store.ts'
import { USER_FIELDS, type UserField } from '../../django/user-fields.ts'
import { type IdentityField, identityKey } from '../../users/identity.ts'
import type { UserId } from '../../users/user.ts'
import { isUniqueViolation } from './sqlite-errors.ts'

type SqliteValue = string | number | null

type Flag = 'is_active' | 'is_staff' | 'is_superuser'

interface UserRow extends Omit<UserValues, Flag | 'avatar' | 'date_joined'> {
  avatar: MediaKey | null
  is_active: number
  is_staff: number
  is_superuser: number
  date_joined: number
  token_epoch: number
}

const KEYS = ['username_key', 'email_key'] as const

/** The part of the `ImportStore` that keeps users. Its fields have the names of their columns. */
export function createImportUsers(database: Database) {
  const columns = [...USER_FIELDS, ...KEYS]
  const findUser = database.prepare<[number], UserRow>(
    `SELECT ${USER_FIELDS.join(', ')}, token_epoch FROM users WHERE id = ?`
  )
  const findImported = database
    .prepare<[number], Buffer>('SELECT fingerprints FROM imported_users WHERE id = ?')
    .pluck()
  const insert = database.prepare<SqliteValue[]>(
    `INSERT INTO users (id, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`
  )
  const remember = database.prepare<[number, Uint8Array]>(
    `INSERT INTO imported_users (id, fingerprints) VALUES (?, ?)
     ON CONFLICT (id) DO UPDATE SET fingerprints = excluded.fingerprints WHERE fingerprints <> excluded.fingerprints`
  )
  const holders = {
    username: database
      .prepare<[string, number], UserId>('SELECT id FROM users WHERE username_key = ? AND id <> ?')
      .pluck(),
    email: database
      .prepare<[string, number], UserId>('SELECT id FROM users WHERE email_key = ? AND id <> ?')
      .pluck()
  }
  const releases = {
    username: database.prepare<[string, number]>('UPDATE users SET username_key = ? WHERE id = ?'),
    email: database.prepare<[string, number]>('UPDATE users SET email_key = ? WHERE id = ?')
  }
  const revoke = database.prepare<[number, number]>(
    'UPDATE users SET token_epoch = max(?, token_epoch + 1) WHERE id = ?'
  )
  const endSessions = database.prepare<[number, number]>(
    'UPDATE sessions SET ended_at = ? WHERE user_id = ? AND ended_at IS NULL'
  )
  const imported = database
    .prepare<[number, number, number], UserId>(
      `SELECT id FROM imported_users WHERE id > ? AND id <= ? AND EXISTS (SELECT 1 FROM users WHERE users.id = imported_users.id)
       ORDER BY id LIMIT ?`
    )
    .pluck()
  const raiseSequence = database.prepare<[number]>(
    "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'users'"
  )
  const beginSequence = database.prepare<[number]>(
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'users', ? WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'users')"
  )

  const updates = new Map<string, Statement<SqliteValue[]>>()
  function prepareUpdate(fields: readonly string[]): Statement<SqliteValue[]> {
    const name = fields.join()
    const sets = fields.map((field) => `${field} = ?`).join(', ')
    const statement = updates.get(name) ?? database.prepare(`UPDATE users SET ${sets} WHERE id = ?`)
    updates.set(name, statement)
    return statement
  }

  /** Runs a write; where a name is in its way, nothing is written, and all that are taken are found. */
  function unlessTaken(id: UserId, names: Partial<UserValues>, write: () => void): TakenName[] {
    try {
      write()
      return []
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      const taken = (['username', 'email'] as const).flatMap((field) => {
        const name = names[field]
        const by = name === undefined ? undefined : holders[field].get(identityKey(name), id)
        return by === undefined ? [] : [{ field, by }]
      })
      if (taken.length === 0) throw error
      return taken
    }
  }

  function revokeTokens(id: UserId, at: number): void {
    revoke.run(at, id)
    endSessions.run(at, id)
  }

  return {
    find(ids: readonly UserId[]): Map<UserId, KnownUser> {
      const known = new Map<UserId, KnownUser>()
      for (const id of ids) {
        const row = findUser.get(id)
        const packed = findImported.get(id)
        if (row || packed)
          known.set(id, {
            values: row && valuesOf(row),
            tokenEpoch: row?.token_epoch ?? 0,
            fingerprints: packed && unpackFingerprints(packed)
          })
      }
      return known
    },

    create: (id: UserId, values: UserValues, fingerprints: Fingerprints) =>
      unlessTaken(id, values, () => {
        const keys = [identityKey(values.username), identityKey(values.email)]
        insert.run(id, ...USER_FIELDS.map((field) => stored(values[field])), ...keys)
        remember.run(id, packFingerprints(fingerprints))
      }),

    update: (id: UserId, { changes, fingerprints, revokeAt }: UserUpdate) =>
      unlessTaken(id, changes, () => {
        const written = columnsOf(changes)
        if (written.length > 0)
          prepareUpdate(written.map(([name]) => name)).run(...written.map(([, value]) => value), id)
        if (revokeAt !== undefined) revokeTokens(id, revokeAt)
        remember.run(id, packFingerprints(fingerprints))
      }),

    /** No name holds a NUL. */
    releaseName: (id: UserId, field: IdentityField) => void releases[field].run(`\0${id}`, id),

    revokeTokens,

    listImported: (after: number, upTo: number, limit: number) => imported.all(after, upTo, limit),

    reserveIds(upTo: number): void {
      raiseSequence.run(upTo)
      beginSequence.run(upTo)
    }
  }
}

const valuesOf = ({ token_epoch, is_active, is_staff, is_superuser, ...values }: UserRow): UserValues => ({
  ...values,
  is_active: is_active === 1,
  is_staff: is_staff === 1,
  is_superuser: is_superuser === 1
})

/** The columns of changes, those that follow from names among them. */
function columnsOf(changes: Partial<UserValues>): [name: string, value: SqliteValue][] {
  const written = USER_FIELDS.flatMap((field): [string, SqliteValue][] =>
    field in changes ? [[field, stored(changes[field])]] : []
  )
  if (changes.username !== undefined) written.push(['username_key', identityKey(changes.username)])
  // Its hash is filled in by a service that looks avatars up by it.
  if (changes.email !== undefined)
    written.push(['email_key', identityKey(changes.email)], ['email_hash', null])
  return written
}

function stored(value: UserValues[UserField]): SqliteValue {
  if (value === undefined) return null
  return typeof value === 'boolean' ? Number(value) : value
}
