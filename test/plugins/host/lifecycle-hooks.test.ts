import { Writable } from 'node:stream'
import t from 'tap'
import userProfile from '../../../plugins/user-profile.ts'
import { clientOf, hostApp, ownFolder, picturesOf, rowsOf } from './host-app.ts'

t.test('a host is told what became of users, with them as answers show them, after the commit', async (t) => {
  const folder = t.testdir()
  const told: [string, ...Record<string, unknown>[]][] = []
  const rowsThen: number[] = []
  const hear =
    (name: string) =>
    (...users: object[]) => {
      told.push([name, ...(users as Record<string, unknown>[])])
      rowsThen.push(rowsOf(folder).length)
    }
  const app = hostApp(t)
  await app.register(userProfile, {
    ...ownFolder(folder),
    onSignUp: hear('onSignUp'),
    onProfileUpdate: hear('onProfileUpdate'),
    onAvatarChange: hear('onAvatarChange'),
    onDelete: hear('onDelete')
  })
  const { signUp, profile, update, upload, remove } = clientOf(app, '/api')
  const { id, access } = await signUp('ada')
  const first = (await profile(access)).json()
  t.strictSame(told.splice(0), [['onSignUp', first]])
  t.strictSame(rowsThen.splice(0), [1], 'the row was there by then')

  const named = (await update(id, access, { first_name: 'Ada' })).json()
  t.strictSame(told.splice(0), [['onProfileUpdate', first, named]])

  const pictured = (await upload(id, access)).json()
  t.strictSame(told.splice(0), [
    ['onProfileUpdate', named, pictured],
    ['onAvatarChange', named, pictured]
  ])
  const bare = (await update(id, access, { avatar: null })).json()
  t.strictSame(told.splice(0), [
    ['onProfileUpdate', pictured, bare],
    ['onAvatarChange', pictured, bare]
  ])

  await update(id, access, {})
  await update(id, access, { email: 'nobody' })
  await signUp('ada').catch(() => {})
  t.strictSame(told.splice(0), [], 'nothing was written, so nobody is told')

  await remove(id, access)
  t.strictSame(told.splice(0), [['onDelete', bare]])
  t.equal(rowsThen.at(-1), 0)
})

t.test('a hook that fails changes no answer, and is logged by name', async (t) => {
  const folder = t.testdir()
  let log = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log += chunk
      done()
    }
  })
  const app = hostApp(t, { logger: { level: 'error', stream } })
  await app.register(userProfile, {
    ...ownFolder(folder),
    onSignUp() {
      throw new Error('the mailer is away')
    },
    onAvatarChange: async () => Promise.reject(new Error('no queue'))
  })
  const { signUp, upload } = clientOf(app, '/api')
  const { id, access } = await signUp()
  t.equal((await upload(id, access)).statusCode, 200)
  t.equal(rowsOf(folder).length, 1)
  t.equal(picturesOf(folder).length, 1)
  t.match(log, /the hook onSignUp failed/)
  t.match(log, /the mailer is away/)
  t.match(log, /the hook onAvatarChange failed/)
})

t.test('the answer waits for a hook, so that what it did is there by then', async (t) => {
  const app = hostApp(t)
  const done = Promise.withResolvers<void>()
  let finished = false
  await app.register(userProfile, {
    ...ownFolder(t.testdir()),
    async onSignUp() {
      await done.promise
      finished = true
    }
  })
  const signedUp = clientOf(app, '/api')
    .signUp()
    .then(() => finished)
  done.resolve()
  t.ok(await signedUp)
})
