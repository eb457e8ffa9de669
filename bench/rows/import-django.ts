import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fillDjangoDatabase } from '../harness/django-database.ts'
import type { Contestant, Row } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { serviceEnv } from '../servers/start.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))

const MEGABYTE = 1e6

/** Taking over a Django deployment by the command, into a new database and once more; refresh tokens half as many as users. */
export const importDjango: Row = async (bench) => {
  const users = bench.quick ? 20_000 : 1_000_000
  const folder = bench.makeFolder('import')
  const source = `${folder}/django.sqlite3`
  fillDjangoDatabase(source, { users, tokens: users / 2 })
  bench.log(`filled ${users} users`)
  const measure = async (name: string): Promise<Contestant> => {
    const { seconds, peakBytes } = await importOnce(folder, source)
    const megabytes = peakBytes / MEGABYTE
    bench.log(`${name}: ${seconds.toFixed(1)} s, ${Math.round(megabytes)} MB`)
    return {
      name,
      samples: { seconds: [seconds], usersPerSecond: [users / seconds], megabytes: [megabytes] }
    }
  }
  const first = await measure('into a new database')
  const again = await measure('again, nothing has changed')
  const { size } = statSync(`${folder}/profile.db`)
  const count = users.toLocaleString('en')
  return [
    {
      id: 'import-django',
      title: `Import of ${count} users from Django`,
      contestants: [first, again],
      ratios: [
        ratioOf('peak memory ÷ 300 MB', first.samples.megabytes, [300], { atMost: 1 }),
        ratioOf('time ÷ a minute for a million users', first.samples.seconds, [(60 * users) / 1e6]),
        ratioOf('time again ÷ the first time', again.samples.seconds, first.samples.seconds)
      ],
      facts: [
        { label: 'size of Django’s file', value: `${Math.round(statSync(source).size / MEGABYTE)} MB` },
        { label: 'size of the service’s file', value: `${Math.round(size / MEGABYTE)} MB` }
      ]
    }
  ]
}

async function importOnce(folder: string, source: string): Promise<{ seconds: number; peakBytes: number }> {
  const started = performance.now()
  const child = spawn(
    process.execPath,
    [MAIN, 'import-django', '--database', source, '--report', '/dev/null'],
    {
      cwd: folder,
      env: { ...process.env, ...serviceEnv(folder) },
      stdio: ['ignore', 'ignore', 'inherit']
    }
  )
  const watch = watchPeak(child)
  const [code] = await once(child, 'exit')
  const seconds = (performance.now() - started) / 1000
  if (code !== 0) throw new Error(`the import ended with ${code}`)
  return { seconds, peakBytes: watch() }
}

const EVERY_MS = 100

/** Answers the most memory that the process was seen to have had; Linux alone tells. */
function watchPeak({ pid }: ChildProcess): () => number {
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, pid === undefined ? 0 : peakBytes(pid))
  }, EVERY_MS)
  return () => {
    clearInterval(timer)
    return peak
  }
}

function peakBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
