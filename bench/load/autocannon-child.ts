// Runs autocannon in a process of its own, so that it can have a core of its own. Prints a LoadResult.
import { readFileSync } from 'node:fs'
import autocannon from 'autocannon'
import type { LoadOptions, LoadResult } from './load.ts'
import { parseHead, parseRequests } from './requests-file.ts'

const { origin, connections, seconds, requestsFile }: LoadOptions = JSON.parse(process.argv[2] ?? '')

const requests = parseRequests(readFileSync(requestsFile)).map(({ head, body }): autocannon.Request => {
  const { method, path, headers } = parseHead(head)
  return { method: method as 'PUT', path, headers, ...(body.length > 0 && { body }) }
})

const result = await autocannon({ url: origin, connections, duration: seconds, timeout: 30, requests })
const failures = result.non2xx + result.errors + result.timeouts
if (failures > 0) throw new Error(`${failures} requests failed`)
const answer: LoadResult = {
  requestsPerSecond: result.requests.total / result.duration,
  p50Ms: result.latency.p50,
  p99Ms: result.latency.p99,
  maxMs: result.latency.max
}
process.stdout.write(JSON.stringify(answer))
