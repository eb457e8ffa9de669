import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { askForRest } from '../../../../src/cli/accounts/create-user.ts'
import { createNewAccounts } from '../../../../src/cli/accounts/new-account.ts'
import { openTerminal } from '../../../../src/cli/accounts/terminal.ts'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import type { Privileges } from '../../../../src/users/registration.ts'
import { PASSWORD } from '../../../helper.ts'

/** Somebody who answers each question, when it comes, by the next of the answers. */
function openSomebody(dialogue: [question: string, answer: string][]) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  // Each prompt ends its output, which standard error does not mind.
  output.end = () => output
  const left = [...dialogue]
  let written = ''
  let unread = ''
  output.setEncoding('utf8').on('data', (text: string) => {
    written += text
    unread += text
    const [question, answer] = left[0] ?? []
    if (question === undefined || answer === undefined || !unread.includes(`${question}:`)) return
    left.shift()
    unread = ''
    // A prompt listens once it has been shown.
    setImmediate(() => (answer === 'the end' ? input.end() : input.write(answer)))
  })
  return { terminal: openTerminal(input, output), written: () => written, left }
}

const isUnanswered = { name: 'Refusal', exitCode: 2, message: 'Nothing was changed.' }

function openAccounts(t: Test, privileges: Privileges = {}) {
  const { users, close } = openSqliteStores({ path: ':memory:' })
  t.teardown(close)
  return { accounts: createNewAccounts(users, privileges) }
}

t.test('what was not given is asked for until it is good, the password twice and unseen', async (t) => {
  const { accounts } = openAccounts(t)
  await accounts.make({ username: 'bob', email: 'bob@example.com', password: PASSWORD })
  const { terminal, written, left } = openSomebody([
    ['Username', 'b@d !\r'],
    ['Username', 'BOB\r'],
    ['Username', 'ada\r'],
    ['Email address', 'nowhere\r'],
    ['Email address', 'ada@example.com\r'],
    ['Password', 'hunter2\r'],
    ['Password (again)', 'hunter2\r'],
    ['Password', `${PASSWORD}\r`],
    ['Password (again)', 'hunter3\r'],
    ['Password', `${PASSWORD}\r`],
    ['Password (again)', `${PASSWORD}\r`]
  ])
  const form = await askForRest(terminal, { first_name: 'Ada' }, accounts, false)
  const expected = { first_name: 'Ada', username: 'ada', email: 'ada@example.com', password: PASSWORD }
  t.strictSame(form, expected)
  t.strictSame(left, [])
  for (const said of [
    'Enter a valid username.',
    'A user with that username already exists.',
    'This field must be a valid email address.',
    'This password is too short. It must contain at least 8 characters.',
    'The two passwords are not the same.'
  ])
    t.ok(written().includes(said), said)
  t.notMatch(written(), /correct|hunter/)
})

t.test('an account without a password is not asked for one', async (t) => {
  const { accounts } = openAccounts(t, { mayLackPassword: true })
  const { terminal } = openSomebody([['Username', 'ada\r']])
  const form = await askForRest(terminal, { email: 'ada@example.com' }, accounts, true)
  t.strictSame(form, { username: 'ada', email: 'ada@example.com' })
})

t.test('what was given and is wrong is refused before anything is asked', async (t) => {
  const { accounts } = openAccounts(t)
  const { terminal, written } = openSomebody([])
  await t.rejects(askForRest(terminal, { email: 'nowhere' }, accounts, false), {
    exitCode: 1,
    message: '--email: This field must be a valid email address.'
  })
  t.equal(written(), '')
})

t.test('a question that is not answered ends it', async (t) => {
  const ways: [name: string, keys: string][] = [
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
    ['the end of the input', 'the end']
  ]
  for (const [name, keys] of ways) {
    const open = openSomebody([['Name', keys]])
    await t.rejects(open.terminal.ask('Name'), isUnanswered, name)
    const secret = openSomebody([['Password', keys]])
    await t.rejects(secret.terminal.askSecretly('Password'), isUnanswered, `${name}, for a password`)
  }
})

t.test('Ctrl-T shows nothing of a password', async (t) => {
  const { terminal, written } = openSomebody([['Password', 'secret\x14\r']])
  t.match(await terminal.askSecretly('Password'), /secret/)
  t.notMatch(written(), /secret/)
})
