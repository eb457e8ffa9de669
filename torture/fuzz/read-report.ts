import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** What schemathesis did and found. */
export interface FuzzReport {
  requests: number
  checks: number
  /** Of operations, such as `POST /api/sign-up/`, how many of their answers were 2xx or 3xx. */
  successes: Map<string, number>
  /** How many answers were 5xx. */
  serverErrors: number
  /** A sentence for each failed check of each operation. */
  failures: Set<string>
}

interface Recorder {
  label: string
  /** Not there where it was skipped. */
  interactions?: Record<string, { response?: { status_code: number } | null }>
  checks?: Record<string, { name: string; status: string; failure_info?: { failure: Failure } }[]>
}

interface Failure {
  operation: string
  title: string
  message: string
}

/** Reads its events, a line each (`--report ndjson`). */
export async function readReport(path: string): Promise<FuzzReport> {
  const report: FuzzReport = {
    requests: 0,
    checks: 0,
    successes: new Map(),
    serverErrors: 0,
    failures: new Set()
  }
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { ScenarioFinished: scenario, NonFatalError: error, FatalError: fatal } = JSON.parse(line)
    if (scenario) addScenario(report, scenario.recorder)
    if (error ?? fatal)
      report.failures.add(`schemathesis itself failed: ${JSON.stringify(error ?? fatal).slice(0, 500)}`)
  }
  return report
}

function addScenario(report: FuzzReport, { label, interactions = {}, checks = {} }: Recorder): void {
  for (const { response } of Object.values(interactions)) {
    report.requests++
    const status = response?.status_code ?? 0
    if (status === 0) report.failures.add(`${label} was not answered`)
    if (status >= 500) report.serverErrors++
    const isSuccess = status >= 200 && status < 400
    report.successes.set(label, (report.successes.get(label) ?? 0) + Number(isSuccess))
  }
  for (const { name, status, failure_info: info } of Object.values(checks).flat()) {
    report.checks++
    if (status === 'success') continue
    const { operation = label, title = '', message = '' } = info?.failure ?? {}
    report.failures.add(`${operation}, ${name}: ${title}. ${message.replaceAll(/\s+/g, ' ').slice(0, 300)}`)
  }
}
