import { Writable } from 'node:stream'
import t from 'tap'
import userProfile from '../../../plugins/user-profile.ts'
import { clientOf, hostApp, ownFolder } from './host-app.ts'

interface Line {
  level: number
  msg: string
}

/** A logger that keeps its lines. */
function logTo(lines: Line[]) {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    }
  })
  return { level: 'info', stream }
}

t.test('a registration’s log level holds for its requests, and for what is logged beside them', async (t) => {
  for (const [logLevel, requests, failures] of [
    ['info', 2, 1],
    ['error', 1, 1],
    ['fatal', 1, 0]
  ] as const) {
    const lines: Line[] = []
    const app = hostApp(t, { logger: logTo(lines) })
    app.get('/host', async () => 'hello')
    const onSignUp = () => Promise.reject(new Error('away'))
    await app.register(userProfile, { ...ownFolder(t.testdir()), logLevel, onSignUp })
    await clientOf(app, '/api').signUp()
    await app.inject('/host')
    const count = (text: string) => lines.filter(({ msg }) => msg === text).length
    t.equal(count('request completed'), requests, logLevel)
    t.equal(count('the hook onSignUp failed'), failures, logLevel)
  }
})
