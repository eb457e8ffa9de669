import type { FieldChanges } from '../../admin/audit-log.ts'
import type { ProfileExtra } from '../../users/user.ts'
import { readChanges } from '../changes-text.ts'
import { readExtra } from '../extra-text.ts'
import { type JsonObject, readObject, readObjects } from '../json-texts.ts'
import { customType } from './drizzle.ts'

/** Values of JSON as texts, which have no U+0000: JSON escapes it. Whoever writes them makes the text. */
const column = <Data>(fromDriver: (text: string) => Data) =>
  customType<{ data: Data; driverData: string }>({ dataType: () => 'text', fromDriver })

/** A host's fields. */
export const extraColumn = column<ProfileExtra>(readExtra)

/** What an act changes. */
export const changesColumn = column<FieldChanges>(readChanges)

export const objectColumn = column<JsonObject>(readObject)

export const objectsColumn = column<JsonObject[]>(readObjects)
