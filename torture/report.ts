import { availableParallelism, cpus } from 'node:os'
import type { Outcome, Scenario } from './harness/scenario.ts'

export interface Played extends Outcome {
  scenario: Scenario
  seconds: number
}

/** What was counted, as Markdown. */
export function report(played: readonly Played[], { size, seed }: { size: string; seed: number }): string {
  const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() || 'unknown processor'}, Node ${process.version}`
  return [
    '# Torture',
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, size ${size}, seed ${seed}, ${machine}.`,
    ...played.map(describe),
    ''
  ].join('\n\n')
}

function describe({ scenario, counts, faults = {}, failures, seconds }: Played): string {
  const rows = Object.entries(counts).map(([name, count]) => `| ${name} | ${count.toLocaleString('en')} |`)
  const verdict = failures.length === 0 ? 'passed' : `**failed** (${failures.length})`
  return [
    `## ${scenario.name}: ${verdict}, ${Math.round(seconds)} s\n`,
    `${scenario.title}\n`,
    ...tableOf(faults),
    ...(rows.length > 0 ? ['| counted | |', '|---|--:|', ...rows] : []),
    ...failures.map((failure) => `\n- ${failure}`)
  ].join('\n')
}

/** A row for each kind of fault. */
function tableOf(faults: NonNullable<Outcome['faults']>): string[] {
  const columns = [...new Set(Object.values(faults).flatMap(Object.keys))]
  if (columns.length === 0) return []
  const rows = Object.entries(faults).map(
    ([fault, counts]) =>
      `| ${[fault, ...columns.map((column) => counts[column]?.toLocaleString('en') ?? '')].join(' | ')} |`
  )
  return [`| fault | ${columns.join(' | ')} |`, `|---|${columns.map(() => '--:|').join('')}`, ...rows, '']
}
