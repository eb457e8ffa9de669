import t from 'tap'
import { buildTestApp, DJANGO_HASH, PASSWORD, type TestApp, unique } from '../helper.ts'
import { contradictionFinder } from './documented.ts'
import { canCarry, ENCODINGS } from './encodings.ts'
import { asKept, codePoints, isAllowed, isTooLarge, NAUGHTY, shown, some } from './naughty-texts.ts'
import { openRows } from './rows.ts'

const findContradiction = contradictionFinder()

t.test('a password is the one that was chosen, to the letter', async (t) => {
  const { call, signUp, sql, folder } = await buildTestApp(t)
  const { row } = openRows(t, folder)
  const people = await Promise.all(['json', 'multipart', 'urlencoded'].map(() => signUp()))
  let changed = 0
  await Promise.all(
    Object.entries(ENCODINGS).map(async ([encoding, encode], index) => {
      const ada = people[index] ?? people[0]
      if (!ada) return
      for (const text of some(24)) {
        if (!canCarry(encoding, text)) continue
        sql('update users set password = ? where id = ?', DJANGO_HASH, ada.id)
        const { token_epoch: before } = row(ada.id)
        const access = await signInAgain(call, ada.email)
        const body = encode({ current_password: PASSWORD, new_password: text })
        const answer = await call('POST', `/api/profile/${ada.id}/password/`, { token: access, ...body })
        t.equal(findContradiction('changePassword', answer), undefined, `${encoding}, ${shown(text)}`)
        if (answer.statusCode === 200) {
          changed++
          t.ok(isAllowed(text), shown(text))
          const again = await call('POST', '/api/sign-in/', encode({ email: ada.email, password: text }))
          t.equal(again.statusCode, 200, `${encoding}, ${shown(text)}`)
          const other = await call(
            'POST',
            '/api/token/',
            encode({ username: ada.email, password: `${text} ` })
          )
          t.equal(other.statusCode, 401, 'and no other')
        } else {
          const isFair = answer.statusCode === 400 && Object.keys(answer.json()).join() === 'new_password'
          t.ok(isFair || isTooLarge(answer, text), `${encoding}, ${shown(text)}`)
          t.equal(row(ada.id).token_epoch, before)
        }
      }
    })
  )
  t.ok(changed > 20, `${changed}`)
})

async function signInAgain(call: TestApp['call'], email: string): Promise<string> {
  const answer = await call('POST', '/api/sign-in/', { json: { email, password: PASSWORD } })
  return answer.json().access
}

t.test('a sign-up keeps naughty names and passwords', async (t) => {
  const { call, folder } = await buildTestApp(t)
  const { row } = openRows(t, folder)
  const texts = NAUGHTY.filter((text) => codePoints(text) > 8 && codePoints(text) < 120)
  let made = 0
  for (let index = 0; index < texts.length; index += 25) {
    // Not the name too, which no password may be like.
    const [name = '', password = ''] = [texts[index], texts.at(index - 100)]
    for (const encode of Object.values(ENCODINGS)) {
      const username = unique('naughty')
      const email = `${username}@example.com`
      const fields = { username, email, first_name: name, last_name: name, password }
      const answer = await call('POST', '/api/sign-up/', encode(fields))
      t.equal(findContradiction('signUp', answer), undefined, shown(name))
      if (answer.statusCode !== 201) {
        t.strictSame(Object.keys(answer.json()), ['password'], shown(password))
        continue
      }
      made++
      const { user } = answer.json()
      const kept = { username, email, first_name: asKept(name), last_name: asKept(name) }
      t.match(user, kept)
      t.match(row(user.id), kept)
      const signIn = await call('POST', '/api/sign-in/', encode({ username, password }))
      t.equal(signIn.statusCode, 200, shown(password))
    }
  }
  t.ok(made > 20, `${made}`)
})
