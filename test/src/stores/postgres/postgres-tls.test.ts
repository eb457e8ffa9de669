import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { openPostgresStores } from '../../../../src/stores/postgres/open-postgres.ts'
import { startPostgres } from '../../../postgres.ts'
import { changeUrl, makeDatabase, querySql } from '../../../postgres-stores.ts'

/** Of a certificate for `localhost` alone, by an authority of the tests; its key, and one of a client. They end in 2126. */
const certificate = (name: string) => fileURLToPath(new URL(`../../../certificates/${name}`, import.meta.url))
const text = (name: string) => readFileSync(certificate(name), 'utf8')

const server = await startPostgres(t, {
  settings: ['ssl=on', 'ssl_ca_file=ca.pem', 'ssl_cert_file=server.pem', 'ssl_key_file=server.key'],
  files: {
    'ca.pem': text('ca.pem'),
    'server.pem': text('server.pem'),
    'server.key': text('server.key'),
    'pg_hba.conf': `hostssl certified all all scram-sha-256 clientcert=verify-ca
      hostssl secret all all scram-sha-256
      host secret,certified all all reject
      host all all all scram-sha-256\n`
  }
})

const url = await makeDatabase(server)
for (const name of ['secret', 'certified']) await querySql(server.url, `create database ${name}`)

const CA = `sslrootcert=${certificate('ca.pem')}`
const OTHER_CA = `sslrootcert=${certificate('other-ca.pem')}`
const CLIENT = `sslcert=${certificate('client.pem')}&sslkey=${certificate('client.key')}`

/** How Node says that it does not know who signed. */
const UNTRUSTED = /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT/

const open = async (search: string, changes: Parameters<typeof changeUrl>[1] = {}) => {
  const stores = await openPostgresStores({ url: changeUrl(url, { search: `?${search}`, ...changes }) })
  try {
    await stores.users.isEmpty()
    const seen = await querySql<{ ssl: boolean }>(
      server.url,
      `select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'fastify-user-profile'`
    )
    return seen.map(({ ssl }) => ssl)
  } finally {
    await stores.close()
  }
}

t.test('a connection is as safe as sslmode says', async (t) => {
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  process.on('warning', note)
  t.teardown(() => process.off('warning', note))
  const named = { hostname: 'localhost' }
  const taken: [search: string, isSafe: boolean, changes?: { hostname: string }][] = [
    ['sslmode=disable', false],
    ['sslmode=require', true],
    [`sslmode=require&${CA}`, true],
    [`sslmode=verify-ca&${CA}`, true],
    [`sslmode=verify-full&${CA}`, true, named],
    [`${CA}`, true, named]
  ]
  for (const [search, isSafe, changes] of taken) t.strictSame(await open(search, changes), [isSafe], search)
  const refused: [search: string, message: RegExp, changes?: { hostname: string }][] = [
    [`sslmode=verify-full&${CA}`, /ERR_TLS_CERT_ALTNAME_INVALID/],
    ['sslmode=verify-full', UNTRUSTED, named],
    [`sslmode=verify-full&${OTHER_CA}`, UNTRUSTED, named],
    [`sslmode=verify-ca&${OTHER_CA}`, UNTRUSTED],
    [`sslmode=require&${OTHER_CA}`, UNTRUSTED]
  ]
  for (const [search, message, changes] of refused)
    await t.rejects(open(search, changes), { name: 'StoreRefused', setting: 'DATABASE_URL', message }, search)
  t.strictSame(warnings, [])
})

t.test(
  'a server that takes no plain text, and one that asks who we are, get what they ask for',
  async (t) => {
    await t.rejects(open('sslmode=disable', { pathname: '/secret' }), { message: /no encryption/ })
    t.strictSame(await open('sslmode=require', { pathname: '/secret' }), [true])
    await t.rejects(open('sslmode=require', { pathname: '/certified' }), { name: 'StoreRefused' })
    t.strictSame(await open(`sslmode=verify-ca&${CA}&${CLIENT}`, { pathname: '/certified' }), [true])
  }
)
