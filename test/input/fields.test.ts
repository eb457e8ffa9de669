import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { identityKeys } from '../../src/users/identity.ts'
import { buildTestApp, unique } from '../helper.ts'
import { contradictionFinder } from './documented.ts'
import { asKept, codePoints, isAllowed } from './naughty-texts.ts'
import { openRows } from './rows.ts'

/**
 * Properties of every field: whatever JSON it gets, the answer is 200 with exactly what docs/api.md says becomes of it, or
 * 400 with its name; no other column changes, and neither does a prototype. `FIELDS_SEED=…` repeats a run.
 */
const SEED = Number(process.env.FIELDS_SEED ?? Date.now() % 1_000_000)
const RUNS = 1500

const findContradiction = contradictionFinder()
const prototypeNames = () => Reflect.ownKeys(Object.prototype).map(String).sort()
const PROTOTYPE = prototypeNames()

/** Any text of JSON, half surrogate pairs and names of prototypes among them. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 210 }),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 12 }),
  fc.constantFrom('', ' ', '\0', 'null', '__proto__', 'a@b.co', ' ada ', 'x'.repeat(200), 'x'.repeat(201)),
  fc.emailAddress(),
  fc.stringMatching(/^[\p{L}\p{N}_.@+-]{1,160}$/u)
)
const evilKey = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'path', 'bytes')
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 4, arbitrary: text },
    fc.constantFrom(null, true, false, 0, -0, 1e21, 2 ** 53, 1.5),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.oneof(evilKey, text), tie('value')), { maxLength: 3 }).map(asObject)
  )
}))

/** With `__proto__` as a name like any other. */
function asObject(entries: [string, unknown][]): object {
  return Object.fromEntries(entries)
}

const MAX: Record<string, number> = {
  username: 150,
  email: 200,
  first_name: 200,
  last_name: 200,
  number_phone: 10
}

/** What becomes of a value: what is kept, or that it is refused, or, of names, that one of both has to happen. */
type Fate = { kept: unknown; maybe?: boolean } | 'refused'

function fateOf(field: string, value: unknown): Fate {
  if (field === 'avatar') return value === null || value === '' ? { kept: null } : 'refused'
  if (value === null) return field === 'number_phone' ? { kept: null } : 'refused'
  if (typeof value !== 'string' && typeof value !== 'number') return 'refused'
  const stripped = asKept(String(value))
  const kept = field === 'username' ? stripped.normalize('NFKC') : stripped
  if (!isAllowed(kept) || codePoints(kept) > (MAX[field] ?? 0)) return 'refused'
  if (field === 'username' || field === 'email') return kept === '' ? 'refused' : { kept, maybe: true }
  return { kept }
}

/** What a field usually gets, so that whole bodies are taken too. */
const usual: Record<string, fc.Arbitrary<unknown>> = {
  username: fc.stringMatching(/^[\p{L}\p{N}_.@+-]{1,20}$/u),
  email: fc.emailAddress({ size: 'small' }),
  first_name: fc.string({ unit: 'grapheme', maxLength: 20 }),
  last_name: fc.string({ unit: 'binary', maxLength: 20 }).map((name) => name.replaceAll('\0', '')),
  number_phone: fc.oneof(fc.stringMatching(/^\d{0,10}$/), fc.nat()),
  avatar: fc.constant(null)
}
const fields = Object.keys(usual)
const others = ['is_superuser', 'id', 'password', 'date_joined', '__proto__', 'constructor']
const usually = (name: string) =>
  Object.hasOwn(usual, name) ? fc.oneof({ weight: 8, arbitrary: usual[name] ?? json }, json) : json
const bodies = fc.record(
  Object.fromEntries(
    [...fields, ...others].map((name): [string, fc.Arbitrary<unknown>] => [name, usually(name)])
  ),
  { requiredKeys: [] }
)

const fatesOf = (body: Record<string, unknown>, names: string[]) =>
  new Map(names.filter((name) => Object.hasOwn(body, name)).map((name) => [name, fateOf(name, body[name])]))

/** What an answer has to be like, as sentences on how it is not. */
function faultsOf(body: Record<string, unknown>, status: number, answer: Record<string, unknown>): string[] {
  const sent = fields.filter((field) => Object.hasOwn(body, field))
  const fates = new Map(sent.map((field) => [field, fateOf(field, body[field])]))
  const refused = sent.filter((field) => fates.get(field) === 'refused')
  if (status === 200) {
    if (refused.length > 0) return [`${refused} was taken`]
    return [...fates].flatMap(([field, fate]) =>
      fate !== 'refused' && answer[field] !== fate.kept
        ? [`${field} is ${JSON.stringify(answer[field])}`]
        : []
    )
  }
  return refusalFaults(Object.keys(answer), fates)
}

function refusalFaults(named: string[], fates: Map<string, Fate>): string[] {
  const refused = [...fates.keys()].filter((field) => fates.get(field) === 'refused')
  const isMaybe = (field: string) => Object(fates.get(field)).maybe === true
  return [
    ...refused.filter((field) => !named.includes(field)).map((field) => `${field} was not refused`),
    ...named.filter((name) => !refused.includes(name) && !isMaybe(name)).map((name) => `${name} was refused`)
  ]
}

t.test(
  `an update takes a field’s value as documented, or names the field (FIELDS_SEED=${SEED})`,
  async (t) => {
    const { signUp, update, folder } = await buildTestApp(t)
    const [ada, bob] = [await signUp(), await signUp()]
    const { row } = openRows(t, folder)
    const other = row(bob.id)
    const seen = { taken: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const before = row(ada.id)
        const response = await update(ada, { json: body })
        const { statusCode } = response
        const after = row(ada.id)
        const wrong = findContradiction('updateProfile', response)
        if (wrong || ![200, 400].includes(statusCode)) throw new Error(wrong ?? response.body)
        const answer = response.json()
        const faults = faultsOf(body, statusCode, answer)
        if (faults.length > 0) throw new Error(`${statusCode} ${response.body}: ${faults}`)
        const expected = { ...before }
        if (statusCode === 200) {
          for (const field of fields) if (Object.hasOwn(body, field)) expected[field] = answer[field]
          const { usernameKey, emailKey } = identityKeys({ username: answer.username, email: answer.email })
          Object.assign(expected, { username_key: usernameKey, email_key: emailKey })
        }
        if (!isDeepStrictEqual(after, expected)) throw new Error(`the row is ${JSON.stringify(after)}`)
        if (!isDeepStrictEqual(prototypeNames(), PROTOTYPE)) throw new Error('Object.prototype has changed')
        seen[statusCode === 200 ? 'taken' : 'refused']++
      }),
      { seed: SEED, numRuns: RUNS }
    )
    t.strictSame(row(bob.id), other)
    t.ok(seen.taken > 50 && seen.refused > 50, JSON.stringify(seen))
  }
)

t.test(`one field alone, of every kind (FIELDS_SEED=${SEED})`, async (t) => {
  const { signUp, update, folder } = await buildTestApp(t)
  const ada = await signUp()
  const { row } = openRows(t, folder)
  for (const field of fields) {
    const seen = { 200: 0, 400: 0 }
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        const before = row(ada.id)
        const response = await update(ada, { json: { [field]: value } })
        const wrong = findContradiction('updateProfile', response)
        const faults = wrong ? [wrong] : faultsOf({ [field]: value }, response.statusCode, response.json())
        if (faults.length > 0) throw new Error(`${response.statusCode} ${response.body}: ${faults}`)
        const { [field]: _new, [`${field}_key`]: _newKey, ...rest } = row(ada.id)
        const { [field]: old, [`${field}_key`]: _oldKey, ...restBefore } = before
        if (!isDeepStrictEqual(rest, restBefore)) throw new Error('another column has changed')
        if (response.statusCode === 400 && _new !== old) throw new Error('it was refused and written')
        seen[response.statusCode === 200 ? 200 : 400]++
      }),
      { seed: SEED, numRuns: RUNS / fields.length }
    )
    t.ok(seen[200] > 5 && seen[400] > 5, `${field}: ${JSON.stringify(seen)}`)
  }
})

t.test(`a sign-up judges the same fields by the same rules (FIELDS_SEED=${SEED})`, async (t) => {
  const { call, folder } = await buildTestApp(t)
  const { rows } = openRows(t, folder)
  const names = { username: unique('user'), email: `${unique('user')}@example.com` }
  const texts = fields.filter((field) => field !== 'avatar')
  // Refused whatever else there is, so that nothing is hashed.
  const short = fc.constantFrom('x', '', 7, null, true, [], {})
  await fc.assert(
    fc.asyncProperty(bodies, short, async (body, password) => {
      const response = await call('POST', '/api/sign-up/', { json: { ...names, ...body, password } })
      const wrong = findContradiction('signUp', response)
      if (wrong || response.statusCode !== 400) throw new Error(wrong ?? response.body)
      const { password: said, ...named } = response.json()
      if (said === undefined) throw new Error('the password was not refused')
      const faults = refusalFaults(Object.keys(named), fatesOf(body, texts))
      if (faults.length > 0) throw new Error(`${response.body}: ${faults}`)
      if (!isDeepStrictEqual(prototypeNames(), PROTOTYPE)) throw new Error('Object.prototype has changed')
    }),
    { seed: SEED, numRuns: RUNS }
  )
  t.strictSame(rows(), [])
})
