import { type Act, listActs, type Version } from '../api/admin-api.ts'
import { TEXTS, type TextField } from '../api/user.ts'

/** What made a user another one than they were: which texts, and the administrator's act where it was one. */
export interface Cause {
  fields: readonly TextField[]
  act: Act | undefined
}

const LATEST = 5

/** An act that changed one of the fields to what it is now; of what users do themselves there is none. */
export async function findCause(before: Version, { user }: Version): Promise<Cause> {
  const fields = TEXTS.filter((field) => before.user[field] !== user[field])
  // Without it, all the rest can still be said.
  const acts = await listActs({ user: user.id, limit: LATEST }).catch(() => undefined)
  const act = acts?.results.find(
    ({ changes, outcome }) =>
      outcome === 'done' && fields.some((field) => changes?.[field]?.[1] === user[field])
  )
  return { fields, act }
}
