import type { ProfileExtra } from '../../users/user.ts'
import { readExtra } from '../extra-text.ts'
import { customType } from './drizzle.ts'

/** A host's fields as the text of a JSON object, which has no U+0000: JSON escapes it. */
export const extraColumn = customType<{ data: ProfileExtra; driverData: string }>({
  dataType: () => 'text',
  fromDriver: readExtra
})
