import { writeFile } from 'node:fs/promises'
import { readOptions, USAGE } from './options.ts'
import { play } from './play.ts'
import { type Played, report } from './report.ts'

/** `npm run torture`: faults and attacks on the running service, and counts of what came of them. */
async function main(): Promise<void> {
  const { scenarios, size, seed, out, help } = readOptions(process.argv.slice(2))
  if (help) return void console.log(USAGE)
  // What was started ends with this process where it ends by itself.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const played: Played[] = []
  for (const scenario of scenarios) {
    const began = performance.now()
    const say = (text: string) => console.error(`${scenario.name}: ${text}`)
    say('begins')
    const outcome = await play(scenario, { size, seed, say })
    played.push({ scenario, ...outcome, seconds: (performance.now() - began) / 1000 })
    say(outcome.failures.length === 0 ? 'passed' : `failed: ${outcome.failures.join('\n')}`)
  }
  const text = report(played, { size, seed })
  console.log(text)
  if (out) await writeFile(out, text)
  process.exitCode = played.some(({ failures }) => failures.length > 0) ? 1 : 0
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
