import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type FuzzReport, readReport } from './read-report.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))

export interface FuzzRun {
  /** The program. */
  program: string
  /** Where the service is. */
  origin: string
  /** A folder of its own, made here. */
  folder: string
  /** A file that says who there is, for hooks.py. */
  people: string
  seconds: number
  seed: number
  signedIn: boolean
}

/** Runs it with all its checks, by the document that the service itself has. @throws what it wrote, where it did not run */
export async function runSchemathesis(run: FuzzRun): Promise<FuzzReport> {
  const { program, origin, folder, people, seconds, seed, signedIn } = run
  mkdirSync(folder)
  const report = `${folder}/events.ndjson`
  const args = [
    ...['--config-file', `${HERE}schemathesis.toml`, 'run', `${origin}/openapi.json`],
    ...['--checks', 'all', '--mode', 'all', '--continue-on-failure', '--no-color'],
    ...['--seed', String(seed), '--max-time', String(seconds)],
    ...['--report', 'ndjson', '--report-ndjson-path', report]
  ]
  const child = spawn(program, args, {
    cwd: folder,
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: folder,
      PYTHONPATH: HERE,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
      SCHEMATHESIS_HOOKS: 'hooks',
      FUZZ_PEOPLE: people,
      FUZZ_SEED: String(seed),
      FUZZ_SIGNED_IN: signedIn ? 'yes' : 'no'
    },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      written = (written + text).slice(-20_000)
    })
  const [code] = await once(child, 'close')
  // 1 says that there are findings.
  if (code !== 0 && code !== 1) throw new Error(`schemathesis ended with ${code}: ${written}`)
  const found = await readReport(report)
  if (code === 1 && found.failures.size === 0)
    found.failures.add(`it says that it found something: ${written}`)
  return found
}
