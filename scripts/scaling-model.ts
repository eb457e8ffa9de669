// `node scripts/scaling-model.ts`: prints the tables of docs/scaling.md from what was measured and what is assumed.
import { MEASURED } from './scaling/measured.ts'
import { needOf } from './scaling/model.ts'
import { needTable, rateTable } from './scaling/tables.ts'

const needs = [100_000, 10_000_000, 1_000_000_000].map((users) => needOf(users, MEASURED))
process.stdout.write(`${rateTable(needs)}\n\n${needTable(needs)}\n`)
