import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { backedUp, contentOf, deployed, found, runIn } from '../../../backups.ts'
import { eventually, withDatabase } from '../../../helper.ts'
import { run } from '../../../service.ts'

const databaseOf = (folder: string) => `${folder}/data/profile.db`

t.test('ended at any time, there is the old service or the new one', async (t) => {
  const { folder } = await deployed(t)
  const backup = await backedUp(folder)
  const then = contentOf(folder)
  await fillBackup(folder, backup)
  const full = await ended(folder, backup, () => false, 'SIGKILL')
  t.equal(full.code, 0)
  const now = contentOf(folder)
  t.not(now.rows.users?.length, then.rows.users?.length)
  const place = `${folder}/other`
  const moments: [string, NodeJS.Signals, () => boolean][] = [
    ['some pictures are there', 'SIGKILL', () => (found(`${place}/media/avatars`)?.length ?? 0) > 20],
    ['some pictures are there', 'SIGTERM', () => (found(`${place}/media/avatars`)?.length ?? 0) > 20],
    ['the rows are on their way', 'SIGKILL', () => existsSync(`${databaseOf(place)}-restoring`)],
    ['the lock is there', 'SIGKILL', () => existsSync(`${databaseOf(place)}-restore-lock`)]
  ]
  for (const [moment, signal, isNow] of moments) {
    rmSync(place, { recursive: true, force: true })
    cpSync(`${folder}/before`, place, { recursive: true })
    const old = contentOf(place)
    const { code, stderr } = await ended(place, backup, isNow, signal)
    if (signal === 'SIGTERM')
      t.match({ code, stderr }, { code: 2, stderr: 'It was stopped by SIGTERM; nothing was restored.\n' })
    const left = contentOf(place)
    const isNew = JSON.stringify(left.rows) === JSON.stringify(now.rows)
    if (!isNew) t.strictSame(left.rows, old.rows, `${signal} when ${moment}`)
    for (const [name, digest] of Object.entries((isNew ? now : old).pictures))
      t.equal(left.pictures[name], digest, `${signal} when ${moment}: ${name}`)
    t.match(await runIn(place, 'list-users', '--json'), { code: 0 })
    t.equal((await runIn(place, 'restore', '--replace', backup)).code, 0, 'and it can be done again')
    t.strictSame(contentOf(place), now)
  }
})

/** The backup gets so many users more that restoring it takes a while. What was there before is in `before`. */
async function fillBackup(folder: string, backup: string): Promise<void> {
  mkdirSync(`${folder}/before`)
  for (const name of ['data', 'media'])
    cpSync(`${folder}/${name}`, `${folder}/before/${name}`, { recursive: true })
  withDatabase(databaseOf(folder), (database) => {
    const add = database.prepare(
      `insert into users (username, username_key, email, email_key, password, date_joined, avatar)
       values (:name, :name, :name, :name, '!', 0, :avatar)`
    )
    database.transaction(() => {
      for (let index = 0; index < 600; index++) {
        const avatar = `${index.toString(16).padStart(32, '0')}.jpg`
        add.run({ name: `filler${index}`, avatar })
        writeFileSync(`${folder}/media/avatars/${avatar}`, `picture ${index}`)
      }
    })()
  })
  rmSync(backup, { recursive: true })
  await backedUp(folder)
}

/** Replaces what is there, and ends that by a signal as soon as something holds. */
async function ended(folder: string, backup: string, isNow: () => boolean, signal: NodeJS.Signals) {
  const { child, ended } = run(folder, { args: ['restore', '--replace', backup] })
  await eventually('it is time', () => isNow() || child.exitCode !== null, 30_000)
  child.kill(signal)
  return ended
}
