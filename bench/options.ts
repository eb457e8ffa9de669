import { parseArgs } from 'node:util'
import { avatarUpload } from './rows/avatar-upload.ts'
import { fifteenLines } from './rows/fifteen-lines.ts'
import { importDjango } from './rows/import-django.ts'
import { jsonUpdate } from './rows/json-update.ts'
import { largeTable } from './rows/large-table.ts'
import { pages } from './rows/pages.ts'
import { peers } from './rows/peers.ts'
import { postgres } from './rows/postgres.ts'
import { profileRead } from './rows/profile-read.ts'
import { signIn } from './rows/sign-in.ts'
import { signInAnswers } from './rows/sign-in-answers.ts'
import { start } from './rows/start.ts'

/** What is measured, in this order. */
const ROWS = {
  update: jsonUpdate,
  read: profileRead,
  naive: fifteenLines,
  table: largeTable,
  avatars: avatarUpload,
  start,
  'sign-in': signIn,
  'sign-in-answers': signInAnswers,
  import: importDjango,
  postgres,
  pages,
  peers
}

export const USAGE = `npm run bench -- [options]

  --rows ${Object.keys(ROWS).join(',')}
                  only these (all but peers)
  --peers         other people's servers too; they are installed when first asked for
  --rounds N      interleaved rounds of each row (5)
  --seconds N     of one measurement (3)
  --quick         small tables and one short round: whether it works, not how fast it is
  --out FOLDER    where the results go (bench/results)
  --help          this`

export interface BenchOptions {
  rows: (typeof ROWS)[keyof typeof ROWS][]
  rounds: number
  seconds: number
  quick: boolean
  out: string | undefined
  help: boolean
}

/** @throws {Error} with a sentence for the person who typed */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string' },
      peers: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false }
    }
  })
  const names = values.rows?.split(',') ?? Object.keys(ROWS).filter((name) => name !== 'peers')
  if (values.peers) names.push('peers')
  return {
    rows: names.map(rowNamed),
    rounds: wholeNumber('rounds', values.rounds, values.quick ? 1 : 5),
    seconds: wholeNumber('seconds', values.seconds, values.quick ? 1 : 3),
    quick: values.quick,
    out: values.out,
    help: values.help
  }
}

function rowNamed(name: string) {
  const row = Object.entries(ROWS).find(([known]) => known === name)?.[1]
  if (!row) throw new Error(`--rows: there is no row "${name}"`)
  return row
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new Error(`--${name}: expected a whole number of at least 1, not "${text}"`)
}
