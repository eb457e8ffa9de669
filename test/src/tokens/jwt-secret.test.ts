import { readdirSync, statSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { readOrCreateSecret } from '../../../src/tokens/jwt-secret.ts'

t.test('a secret is made once, kept, and different elsewhere', async (t) => {
  const folder = t.testdir()
  const secret = readOrCreateSecret(`${folder}/made/jwt-secret`)
  t.match(secret, /^[\w-]{64}$/)
  t.equal(readOrCreateSecret(`${folder}/made/jwt-secret`), secret)
  t.not(readOrCreateSecret(`${folder}/other/jwt-secret`), secret)
  t.equal(statSync(`${folder}/made/jwt-secret`).mode & 0o777, 0o600)
  t.strictSame(readdirSync(`${folder}/made`), ['jwt-secret'])
})

t.test('one that somebody wrote by hand is read without its line end', async (t) => {
  const path = `${t.testdir()}/jwt-secret`
  writeFileSync(path, 'written by hand\n')
  t.equal(readOrCreateSecret(path), 'written by hand')
})
