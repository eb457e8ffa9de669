import t from 'tap'
import { initialsOf } from '../../../src/avatars/initials.ts'

const names: [firstName: string, lastName: string, username: string, initials: string][] = [
  ['Ada', 'Lovelace', 'ada', 'AL'],
  ['ada', '', 'x', 'A'],
  ['', 'lovelace', 'x', 'L'],
  ['', '', 'countess', 'C'],
  ['', '', '@42', '4'],
  ['', '', '@@__', ''],
  ['  “Ada”', '(King)', 'x', 'AK'],
  ['E\u0301va', 'ñandú', 'x', 'ÉÑ'],
  ['ßophie', 'ﬁn', 'x', 'ßﬁ'],
  ['山田', '太郎', 'x', '山太'],
  ['🙂', '😀', 'smile', 'S'],
  ['𝔄da', '', 'x', '𝔄'],
  ['<script>', '&amp;', 'x', 'SA'],
  ['عادة', 'שלום', 'x', 'عש']
]

t.test('initials are the first letters of both names, or of the username', async (t) => {
  for (const [firstName, lastName, username, initials] of names)
    t.equal(initialsOf({ firstName, lastName, username }), initials, `${firstName} ${lastName} ${username}`)
})
