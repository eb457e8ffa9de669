import { initialsOf } from './initials.ts'
import { PLACEHOLDER_COLOURS, type Placeholder } from './placeholder.ts'

/** Users who signed up one after the other look different; no divisor of the number of colours, so that all are used. */
const HUES_APART = 5

interface Named {
  id: number
  username: string
  firstName: string
  lastName: string
}

/** What stands for a user without a picture, here and on the pages. */
export const placeholderOf = (user: Named): Placeholder => ({
  initials: initialsOf(user),
  colour: (user.id * HUES_APART) % PLACEHOLDER_COLOURS.length
})
