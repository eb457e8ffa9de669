import t from 'tap'
import { buildTestApp, PASSWORD } from '../helper.ts'

t.test('no text is normalised before its length is known to be sane', async (t) => {
  const { signUp, update, call } = await buildTestApp(t)
  const ada = await signUp()
  const normalised: number[] = []
  const normalize = String.prototype.normalize
  t.intercept(String.prototype, 'normalize', {
    value(this: string, form?: string) {
      normalised.push(this.length)
      return normalize.call(this, form)
    }
  })
  // Marks of two classes in turn: sorting them takes a time that grows with the square of their number.
  const marks = `a${'\u0301'.repeat(30_000)}${'\u0323'.repeat(30_000)}`
  const answers = [
    await update(ada, { json: { username: marks, email: `${marks}@example.com`, first_name: marks } }),
    await call('POST', '/api/sign-up/', { json: { username: marks, email: marks, password: marks } }),
    await call('POST', '/api/sign-in/', { json: { email: marks, password: PASSWORD } }),
    await call('POST', '/api/sign-in/', { json: { username: marks, password: PASSWORD } }),
    await call('POST', '/api/token/', { json: { username: marks, password: PASSWORD } })
  ]
  for (const answer of answers) {
    t.equal(answer.statusCode, 400)
    t.match(answer.body, /Ensure this field has no more than \d+ characters/)
  }
  t.ok(
    normalised.every((length) => length <= 1000),
    `at most ${Math.max(0, ...normalised)} characters`
  )
})
