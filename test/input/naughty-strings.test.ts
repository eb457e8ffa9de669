import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { buildTestApp, DJANGO_HASH, PASSWORD } from '../helper.ts'
import { contradictionFinder } from './documented.ts'
import { canCarry, ENCODINGS } from './encodings.ts'
import { ALL, asKept, codePoints, isAllowed, isTooLarge, shown, some } from './naughty-texts.ts'
import { openRows } from './rows.ts'

/**
 * The Big List of Naughty Strings and worse (NUL and lone surrogates are PostgreSQL's 22021 and 22P05) through every text
 * field of every route with a body, in every encoding: a text comes back to the letter, or is refused with its field's name.
 */
const findContradiction = contradictionFinder()

/** What has to be taken; of the others it is for the formats to say, which have tests of their own. */
const MUST_TAKE: Record<string, (kept: string) => boolean> = {
  first_name: (kept) => codePoints(kept) <= 200,
  last_name: (kept) => codePoints(kept) <= 200,
  number_phone: (kept) => codePoints(kept) <= 10,
  username: () => false,
  email: () => false
}

const keptAs = (field: string, text: string) =>
  field === 'username' ? asKept(text).normalize('NFKC') : asKept(text)

t.test('an update keeps every text to the letter or refuses it', async (t) => {
  const { signUp, call, folder } = await buildTestApp(t)
  const [ada, bob] = [await signUp(), await signUp()]
  const { row } = openRows(t, folder)
  const other = row(bob.id)
  let before = row(ada.id)
  const seen = { kept: 0, refused: 0 }
  const faults: string[] = []
  for (const [encoding, encode] of Object.entries(ENCODINGS)) {
    for (const [field, mustTake] of Object.entries(MUST_TAKE)) {
      // What is read as a text is judged like any other; of forms it is the reading that differs.
      for (const text of encoding === 'json' || field === 'first_name' ? ALL : some(5)) {
        if (!canCarry(encoding, text)) continue
        const where = `${encoding}, ${field} ${shown(text)}`
        const url = `/api/profile/${ada.id}/update/`
        const answer = await call('PATCH', url, { token: ada.access, ...encode({ [field]: text }) })
        const wrong = findContradiction('patchProfile', answer)
        if (wrong) faults.push(`${where}: ${wrong}`)
        const after = row(ada.id)
        if (answer.statusCode === 200) {
          seen.kept++
          const kept = keptAs(field, text)
          if (!isAllowed(text)) faults.push(`${where} was taken`)
          if (answer.json()[field] !== kept) faults.push(`${where} was answered as ${answer.body}`)
          const expected = { ...before, [field]: kept, [`${field}_key`]: after[`${field}_key`] }
          if (field !== 'username' && field !== 'email') delete expected[`${field}_key`]
          if (!isDeepStrictEqual(after, expected))
            faults.push(`${where} changed the row to ${JSON.stringify(after)}`)
        } else {
          seen.refused++
          const isFair = answer.statusCode === 400 && Object.keys(answer.json()).join() === field
          if (!isFair && !isTooLarge(answer, text))
            faults.push(`${where}: ${answer.statusCode} ${answer.body.slice(0, 200)}`)
          if (isAllowed(text) && mustTake(asKept(text))) faults.push(`${where} was refused`)
          if (!isDeepStrictEqual(after, before)) faults.push(`${where} was refused and changed the row`)
        }
        before = after
      }
    }
  }
  t.strictSame(faults, [])
  t.strictSame(row(bob.id), other)
  t.ok(seen.kept > 1500 && seen.refused > 1000, JSON.stringify(seen))
})

/** A text in every field of a sign-up, of which the last always has to refuse it: nothing is hashed. */
t.test('a sign-up that is refused names its fields, whatever else they hold', async (t) => {
  const { call, folder } = await buildTestApp(t)
  const { rows } = openRows(t, folder)
  const fields = ['username', 'email', 'first_name', 'last_name', 'number_phone']
  const faults: string[] = []
  for (const [encoding, encode] of Object.entries(ENCODINGS)) {
    for (const text of ALL) {
      if (!canCarry(encoding, text)) continue
      const sent = Object.fromEntries(fields.map((field) => [field, text]))
      const answer = await call('POST', '/api/sign-up/', encode({ ...sent, password: 'x' }))
      const wrong = findContradiction('signUp', answer)
      const named = Object.keys(answer.json())
      const isFair = answer.statusCode === 400 && named.includes('password')
      if (wrong || !(isFair || isTooLarge(answer, text)))
        faults.push(`${encoding}, ${shown(text)}: ${wrong ?? answer.body.slice(0, 200)}`)
      if (isFair && !isAllowed(text)) t.strictSame(named.sort(), [...fields, 'password'].sort(), shown(text))
    }
  }
  t.strictSame(faults, [])
  t.equal(rows().length, 0)
})

t.test('nobody comes in by a naughty name, password or token', async (t) => {
  const { call, signUp, sql, folder } = await buildTestApp(t)
  const ada = await signUp()
  sql('update users set password = ? where id = ?', DJANGO_HASH, ada.id)
  const { row, rows } = openRows(t, folder)
  const before = row(ada.id)
  const failed: [path: string, operationId: string, fields: (text: string) => Record<string, string>][] = [
    ['sign-in', 'signIn', (text) => ({ email: text, password: text })],
    ['sign-in', 'signIn', (text) => ({ username: text, password: PASSWORD })],
    ['token', 'obtainToken', (text) => ({ username: text, password: text })]
  ]
  const cheap: typeof failed = [
    ['token/refresh', 'refreshToken', (text) => ({ refresh: text })],
    ['token/verify', 'verifyToken', (text) => ({ token: text })],
    ['token/blacklist', 'blacklistToken', (text) => ({ refresh: text })],
    [
      `profile/${ada.id}/password`,
      'changePassword',
      (text) => ({ current_password: text, new_password: 'x' })
    ]
  ]
  for (const [routes, texts] of [
    [failed, some(40)],
    [cheap, some(3)]
  ] as const) {
    for (const [encoding, encode] of Object.entries(ENCODINGS)) {
      for (const [path, operationId, fields] of routes) {
        const faults: string[] = []
        for (const text of texts) {
          if (!canCarry(encoding, text)) continue
          const body = encode(fields(text))
          const token = operationId === 'changePassword' ? ada.access : undefined
          const answer = await call('POST', `/api/${path}/`, { token, ...body })
          const wrong = findContradiction(operationId, answer)
          if (wrong || !([400, 401].includes(answer.statusCode) || isTooLarge(answer, text)))
            faults.push(`${encoding}, ${shown(text)}: ${wrong ?? answer.statusCode}`)
        }
        t.strictSame(faults, [], `${path} as ${encoding}`)
      }
    }
  }
  t.strictSame(row(ada.id), before)
  t.equal(rows().length, 1)
})
