// Sends a number of requests over a number of connections and waits for every answer. Prints a LoadResult.
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import type { CountedLoad } from './counted.ts'
import type { LoadResult } from './load.ts'
import { parseHead, parseRequests } from './requests-file.ts'

const { origin, connections, amount, requestsFile }: CountedLoad = JSON.parse(process.argv[2] ?? '')

const requests = parseRequests(readFileSync(requestsFile)).map(({ head, body }) => ({
  ...parseHead(head),
  body
}))
const agent = new Agent({ keepAlive: true, maxSockets: connections })

function send(index: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const one = requests[index % requests.length]
  if (!one) throw new Error('no requests')
  const { method, path, headers, body } = one
  const sent = request(origin + path, { method, headers, agent }, (answer) => {
    const { statusCode = 0 } = answer
    answer.resume().once('end', () => {
      if (statusCode >= 200 && statusCode < 300) resolve()
      else reject(new Error(`answered ${statusCode}`))
    })
  })
  sent.once('error', reject)
  sent.end(body)
  return promise
}

const times: number[] = []
let next = 0

async function connection(): Promise<void> {
  while (next < amount) {
    const started = performance.now()
    await send(next++)
    times.push(performance.now() - started)
  }
}

const started = performance.now()
await Promise.all(Array.from({ length: connections }, connection))
const seconds = (performance.now() - started) / 1000
agent.destroy()
times.sort((a, b) => a - b)
const percentile = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
const result: LoadResult = {
  requestsPerSecond: amount / seconds,
  p50Ms: percentile(0.5),
  p99Ms: percentile(0.99),
  maxMs: percentile(1)
}
process.stdout.write(JSON.stringify(result))
