// Loaded before a service: watches its event loop, and on SIGWINCH, of which the service makes nothing, writes what it saw since the
// last time to `loop.json` in its working folder. Of a turn that was late it leaves out the time in which the thread could have run, and other programs had the
// processor (Linux, Documentation/scheduler/sched-stats.rst: the second number of schedstat).
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { PerformanceObserver } from 'node:perf_hooks'
import type { LoopReport } from './loop-report.ts'

const EVERY_MS = 10
const file = 'loop.json'

const none = (): LoopReport => ({ longestMs: 0, longestWithoutOthersMs: 0, longestCollectionMs: 0, turns: 0 })
let seen = none()
let [last, lastWaited] = [performance.now(), waitedMs()]

setInterval(() => {
  const [now, waited] = [performance.now(), waitedMs()]
  const late = now - last - EVERY_MS
  seen.turns++
  seen.longestMs = Math.max(seen.longestMs, late)
  seen.longestWithoutOthersMs = Math.max(seen.longestWithoutOthersMs, late - (waited - lastWaited))
  last = now
  lastWaited = waited
}, EVERY_MS).unref()

new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries())
    seen.longestCollectionMs = Math.max(seen.longestCollectionMs, duration)
}).observe({ entryTypes: ['gc'] })

process.on('SIGWINCH', () => {
  writeFileSync(`${file}.new`, JSON.stringify(seen))
  renameSync(`${file}.new`, file)
  seen = none()
})

/** How long this thread waited for a processor so far; always 0 where the system doesn't tell. */
function waitedMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}
