import type { Need } from './model.ts'
import { wholeNodes } from './model.ts'

const KINDS = ['reads', 'updates', 'refreshes', 'signIns', 'uploads', 'pictures'] as const
const NAMES: Record<(typeof KINDS)[number], string> = {
  reads: 'profile reads',
  updates: 'profile updates',
  refreshes: 'token refreshes',
  signIns: 'sign-ins',
  uploads: 'avatar uploads',
  pictures: 'pictures through the nodes'
}

/** Two figures that matter, with thousands apart. */
function figure(value: number): string {
  if (value === 0) return '0'
  const digits = Math.max(0, 1 - Math.floor(Math.log10(value)))
  const rounded = Number(value.toPrecision(2))
  return rounded.toLocaleString('en', { maximumFractionDigits: Math.min(digits, 3) })
}

const bytes = (gigabytes: number) =>
  gigabytes >= 1000 ? `${figure(gigabytes / 1000)} TB` : `${figure(gigabytes)} GB`

const row = (cells: string[]) => `| ${cells.join(' | ')} |`

function table(heads: string[], rows: string[][]): string {
  const rule = heads.map((_, index) => (index === 0 ? '---' : '---:'))
  return [row(heads), `|${rule.join('|')}|`, ...rows.map(row)].join('\n')
}

/** What so many users ask for in the busiest second, and the cores of nodes that it keeps busy. */
export const rateTable = (needs: readonly Need[]): string =>
  table(
    ['a second, and cores', ...needs.map(({ users }) => `${users.toLocaleString('en')} users`)],
    KINDS.map((kind) => [
      NAMES[kind],
      ...needs.map(({ rates, nodeCores }) => `${figure(rates[kind])} (${figure(nodeCores[kind])})`)
    ])
  )

/** What they need. */
export const needTable = (needs: readonly Need[]): string =>
  table(
    ['', ...needs.map(({ users }) => `${users.toLocaleString('en')} users`)],
    [
      ['node cores, one to spare', ...needs.map(({ nodeCores }) => figure(wholeNodes(nodeCores)))],
      ['cores of the database', ...needs.map(({ databaseCores }) => figure(databaseCores))],
      ['rows with indexes', ...needs.map(({ rowsGigabytes }) => bytes(rowsGigabytes))],
      ['pictures', ...needs.map(({ picturesGigabytes }) => bytes(picturesGigabytes))],
      ...(['nodes', 'database', 'pictures', 'requests', 'traffic'] as const).map((what) => [
        `$ a month: ${what}`,
        ...needs.map(({ money }) => figure(money[what]))
      ]),
      [
        '$ a month for a thousand users',
        ...needs.map(({ money, users }) =>
          figure((Object.values(money).reduce((sum, one) => sum + one, 0) / users) * 1000)
        )
      ]
    ]
  )
