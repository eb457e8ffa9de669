import pg from 'pg'
import t from 'tap'
import { endsConnection, translatePostgresError } from '../../../../src/stores/postgres/postgres-errors.ts'

function refusal(code: string, message = 'refused'): pg.DatabaseError {
  const error = new pg.DatabaseError(message, 1, 'error')
  return Object.assign(error, { code, detail: 'Failing row contains (the hash of a password)' })
}

const failure = (message: string, code?: string) => Object.assign(new Error(message), code && { code })

t.test(
  'what passes by itself or by an operator’s hand is 503, a full disk 507, the rest a fault of ours',
  async (t) => {
    const cases: [error: Error, code: string | undefined, ends: boolean][] = [
      [refusal('53100'), 'storage_full', false],
      [refusal('08006'), 'unavailable', true],
      [refusal('57P01'), 'unavailable', true],
      [refusal('57P03'), 'unavailable', true],
      [refusal('25P03'), 'unavailable', true],
      [refusal('25006'), 'unavailable', true],
      [refusal('26000'), 'unavailable', true],
      [refusal('53300'), 'unavailable', true],
      [refusal('57014'), 'unavailable', false],
      [refusal('55P03'), 'unavailable', false],
      [refusal('40001'), 'unavailable', false],
      [refusal('40P01'), 'unavailable', false],
      [refusal('53200'), 'unavailable', false],
      [refusal('28P01'), 'unavailable', false],
      [refusal('42501'), 'unavailable', false],
      [refusal('0A000', 'cached plan must not change result type'), undefined, true],
      [refusal('23502'), undefined, false],
      [refusal('42P01'), undefined, false],
      [failure('connect refused', 'ECONNREFUSED'), 'unavailable', true],
      [failure('not trusted', 'SELF_SIGNED_CERT_IN_CHAIN'), 'unavailable', true],
      [failure('Connection terminated unexpectedly'), 'unavailable', true],
      [failure('Query read timeout'), 'unavailable', true],
      [failure('timeout exceeded when trying to connect'), 'unavailable', true],
      [failure('Client has encountered a connection error and is not queryable'), 'unavailable', true],
      [failure('a mistake', 'ERR_INVALID_ARG_TYPE'), undefined, true],
      [new TypeError('a mistake'), undefined, true]
    ]
    for (const [error, code, ends] of cases) {
      const name = `${error} ${'code' in error ? error.code : ''}`
      const translated = translatePostgresError(error)
      t.equal(endsConnection(error), ends, name)
      if (code === undefined) t.equal(translated, error, name)
      else t.match(translated, { code, cause: error }, name)
      t.notMatch(JSON.stringify(error), /hash of a password/, name)
    }
  }
)
