import { parseArgs } from 'node:util'
import type { Scenario } from './harness/scenario.ts'
import { SCENARIOS } from './scenarios.ts'

export const USAGE = `npm run torture -- [options]

  --only ${SCENARIOS.map(({ name }) => name).join(',')}
                  only these
  --ci            at the size that the full tests run
  --seed N        what random choices begin with; one that failed is repeated by its own
  --out FILE      writes the report there too, as Markdown
  --help          this

Needs Linux, root (for small disks and memory limits), and what .ci/install-tools installs.`

export interface TortureOptions {
  scenarios: readonly Scenario[]
  size: 'full' | 'ci'
  seed: number
  out: string | undefined
  help: boolean
}

/** @throws {Error} with a sentence for the person who typed */
export function readOptions(args: readonly string[]): TortureOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      ci: { type: 'boolean', default: false },
      seed: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false }
    }
  })
  return {
    scenarios: values.only?.split(',').map(scenarioNamed) ?? SCENARIOS,
    size: values.ci ? 'ci' : 'full',
    seed: readSeed(values.seed),
    out: values.out,
    help: values.help
  }
}

function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (scenario) return scenario
  throw new Error(`--only: there is no scenario "${name}"`)
}

function readSeed(text: string | undefined): number {
  if (text === undefined) return Date.now() % 1_000_000
  const seed = Number(text)
  if (Number.isSafeInteger(seed) && seed >= 0) return seed
  throw new Error(`--seed: expected a whole number, not "${text}"`)
}
