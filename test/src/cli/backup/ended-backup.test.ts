import { mkdirSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import t from 'tap'
import { deployed, found, runIn } from '../../../backups.ts'
import { eventually } from '../../../helper.ts'
import { run } from '../../../service.ts'

t.test('a signal ends it, and nothing is left; what is killed leaves no manifest', async (t) => {
  const { folder } = await deployed(t, { users: 1 })
  fillWithPictures(folder, 4000)
  mkdirSync(`${folder}/empty`)
  for (const [signal, name, left] of [
    ['SIGINT', 'new', undefined],
    ['SIGTERM', 'empty', []]
  ] as const) {
    const { code, stderr } = await endedInTheMiddle(folder, name, signal)
    t.strictSame([code, stderr], [2, `It was stopped by ${signal}; nothing is left of the backup.\n`])
    t.strictSame(found(`${folder}/${name}`), left)
  }
  t.match(await endedInTheMiddle(folder, 'killed', 'SIGKILL'), { code: null, signal: 'SIGKILL' })
  t.ok((found(`${folder}/killed/avatars`)?.length ?? 0) > 0)
  for (const args of [['--verify'], ['--replace']]) {
    const { code, stderr } = await runIn(folder, 'restore', 'killed', ...args)
    t.equal(code, 1)
    t.match(stderr, /^There is no manifest\.json: this is no backup, or one that was not finished\.\n/)
  }
  t.equal((await runIn(folder, 'backup', 'killed')).code, 1, 'nothing is put into it')
  t.equal((await runIn(folder, 'backup', 'whole')).code, 0, 'and nothing is in the way of the next')
})

async function endedInTheMiddle(folder: string, name: string, signal: NodeJS.Signals) {
  const { child, ended } = run(folder, { args: ['backup', name] })
  await eventually('some pictures are copied', () => (found(`${folder}/${name}/avatars`)?.length ?? 0) > 20)
  child.kill(signal)
  return ended
}

/** As many users more, each with a picture that need not be one. */
function fillWithPictures(folder: string, count: number): void {
  const database = new Database(`${folder}/data/profile.db`)
  const add = database.prepare(
    `insert into users (username, username_key, email, email_key, password, date_joined, avatar) values (:name, :name, :name, :name, '!', 0, :avatar)`
  )
  database.transaction(() => {
    for (let index = 0; index < count; index++) {
      const avatar = `${index.toString(16).padStart(32, '0')}.jpg`
      add.run({ name: `filler${index}`, avatar })
      writeFileSync(`${folder}/media/avatars/${avatar}`, `picture ${index}`)
    }
  })()
  database.close()
}
