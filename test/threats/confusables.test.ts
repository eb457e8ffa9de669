import t from 'tap'
import { PASSWORD, unique, withDatabase } from '../helper.ts'
import { listening } from '../raw-http.ts'

/**
 * Confusable names: case, `ı` and `İ`, `ß`, full width, joiners, combining marks, and letters of other scripts. Who could be
 * taken for somebody is refused as that one, whoever of twenty comes first.
 */

const CONNECTIONS = 20

/** Names that are one name; those that no username may be are refused anyhow. */
const USERNAMES: Record<string, string[]> = {
  case: ['mallory', 'MALLORY', 'Mallory', 'mALLORY'],
  'dotless and dotted i': ['irfan', 'ırfan', 'İrfan', 'IRFAN'],
  'sharp s': ['weiß', 'weiss', 'WEIẞ', 'WEISS'],
  'full width': ['eve1', 'ｅｖｅ１', 'ＥＶＥ１', 'Eve１'],
  'combining marks': ['zoë', 'zoe\u0308', 'ZOË', 'ZOE\u0308'],
  ligatures: ['ofﬁce', 'office', 'oﬃce', 'OFFICE'],
  'mathematical letters': ['bob', '𝐛𝐨𝐛', '𝓫𝓸𝓫', '𝕭𝕺𝕭'],
  Cyrillic: ['peace', 'реасе', 'рeaсe', 'РЕАСЕ'],
  Greek: ['toto', 'τοτο', 'tοtο', 'ΤΟΤΟ'],
  Armenian: ['uno', 'սոօ', 'unօ', 'սnօ']
}

const EMAILS: Record<string, string[]> = {
  case: ['carol@example.com', 'CAROL@example.com', 'Carol@Example.COM'],
  'full width domain': ['dan@example.com', 'dan@ｅｘａｍｐｌｅ.com'],
  joiners: ['erin@example.com', 'erin@exam\u200dple.com', 'erin@exam\u00adple.com'],
  'Cyrillic domain': ['frank@exаmple.com', 'frank@example.com', 'frank@ехаmрlе.com'],
  'sharp s': ['greta@straße.example', 'greta@strasse.example', 'greta@STRASSE.example']
}

t.test('of names that look like one, one of twenty connections gets it at sign-up', async (t) => {
  const { port, folder } = await listening(t)
  const signUp = async (fields: object) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/sign-up/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({
        username: unique('someone'),
        email: `${unique('someone')}@example.com`,
        password: PASSWORD,
        ...fields
      })
    })
    return { status: response.status, body: await response.json() }
  }
  const count = (column: string, names: string[]) =>
    withDatabase(`${folder}/data/profile.db`, (database) => {
      const rows = database.prepare(`select ${column} as name from users`).all() as { name: string }[]
      const stored = new Set(names.map((name) => name.normalize('NFKC')).concat(names))
      return rows.filter(({ name }) => stored.has(name)).length
    })

  for (const [field, table] of [
    ['username', USERNAMES],
    ['email', EMAILS]
  ] as const) {
    for (const [kind, names] of Object.entries(table)) {
      const answers = await Promise.all(
        Array.from({ length: CONNECTIONS }, (_, index) => signUp({ [field]: names[index % names.length] }))
      )
      t.equal(answers.filter(({ status }) => status === 201).length, 1, `${field}: ${kind}`)
      for (const { status, body } of answers) {
        if (status === 201) continue
        t.equal(status, 400)
        t.strictSame(body, { [field]: [`A user with that ${field} already exists.`] }, `${field}: ${kind}`)
      }
      t.equal(count(field, names), 1, 'one row')
    }
  }
})

t.test('characters that nobody sees are refused in usernames', async (t) => {
  const { call } = await listening(t)
  for (const hidden of ['\u200d', '\u200b', '\u00ad', '\u202e', '\u2060', '\ufe0f', '\u0308', '\u034f']) {
    const json = { username: `x${hidden}y`, email: `${unique('x')}@example.com`, password: PASSWORD }
    const { statusCode, body } = await call('POST', '/api/sign-up/', { json })
    const code = hidden.codePointAt(0)?.toString(16)
    if (hidden === '\u0308')
      t.equal(JSON.parse(body).user?.username, 'ẍy', 'a mark that has a letter is part of it')
    else t.equal(statusCode, 400, `U+${code}`)
  }
})

t.test(
  'of twenty who rename themselves to one name at once, one gets it; case of one’s own may change',
  async (t) => {
    const { update, signUp, row, call } = await listening(t)
    const users = await Promise.all(Array.from({ length: CONNECTIONS }, () => signUp()))
    const names = ['Trent', 'trent', 'ТRЕNТ', 'ｔｒｅｎｔ', 'trеnt']
    const answers = await Promise.all(
      users.map((user, index) =>
        update(user, { json: { username: names[index % names.length], first_name: 'Renamed' } })
      )
    )
    const winners = users.filter((_, index) => answers[index]?.statusCode === 200)
    t.equal(winners.length, 1)
    for (const [index, user] of users.entries()) {
      if (user === winners[0]) continue
      t.strictSame(answers[index]?.json(), { username: ['A user with that username already exists.'] })
      t.strictSame(
        { username: row(user.id)?.username, first_name: row(user.id)?.first_name },
        { username: user.username, first_name: '' },
        'nothing of it is written'
      )
    }
    const [winner] = winners
    if (!winner) return
    t.equal((await update(winner, { json: { username: 'TRENT' } })).statusCode, 200)
    t.equal(row(winner.id)?.username, 'TRENT', 'shown as it was typed')
    const signIn = await call('POST', '/api/sign-in/', { json: { username: 'тrеnt', password: PASSWORD } })
    t.equal(signIn.json().user?.id, winner.id, 'and found however it is typed')
  }
)
