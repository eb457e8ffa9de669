import { interleave } from '../harness/interleave.ts'
import { openBrowser, pageSubject } from '../harness/page-subject.ts'
import type { Row } from '../harness/row.ts'
import { median, ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { startProgram } from '../servers/start.ts'

/** All that the account page loads, compressed, has to fit in this. */
const MAX_BYTES = 100_000
const MAX_FIRST_PAINT_MS = 1000

/** The pages at their first visit, in a browser on a processor four times as slow, beside a page that is one line of text. */
export const pages: Row = (bench) =>
  withServers(async (keep) => {
    const service = keep(await startProgram('service', { folder: bench.makeFolder('pages') }))
    const bare = keep(await startProgram('bare-start', { folder: bench.makeFolder('bare-page') }))
    const browser = await openBrowser()
    try {
      const contestants = await interleave(
        [
          pageSubject(browser, 'account page', `${service.origin}/account/`, 'form'),
          pageSubject(browser, 'administrators’ page', `${service.origin}/admin/`, 'form'),
          pageSubject(browser, 'one line of text', `${bare.origin}/`, 'body'),
          // It takes as long as all the others together.
          ...(bench.quick
            ? []
            : [pageSubject(browser, 'Swagger UI of the service', `${service.origin}/docs/`, '.opblock')])
        ],
        bench.rounds,
        bench.log
      )
      const [account, admin, text, swagger] = contestants.map(({ samples }) => samples.firstPaintMs)
      const [sent] = contestants.map(({ samples }) => samples.bytes)
      const ofMost = (figures: number[] = [], most: number) => [figures, figures.map(() => most)] as const
      return [
        {
          id: 'pages',
          title: 'Pages at the first visit, processor slowed four times',
          contestants,
          ratios: [
            ratioOf(
              'account page: first contentful paint ÷ one second',
              ...ofMost(account, MAX_FIRST_PAINT_MS),
              {
                atMost: 1
              }
            ),
            ratioOf('account page: bytes sent ÷ 100,000', ...ofMost(sent, MAX_BYTES), { atMost: 1 }),
            ratioOf('account page: first contentful paint ÷ one line of text', account, text),
            ratioOf('administrators’ page: first contentful paint ÷ one line of text', admin, text),
            ...(swagger
              ? [ratioOf('Swagger UI: first contentful paint ÷ one line of text', swagger, text)]
              : [])
          ],
          facts: contestants.map(({ name, samples }) => ({
            label: name,
            value: `${Math.round(median(samples.firstPaintMs ?? []))} ms to the first paint, ${Math.round(median(samples.usableMs ?? []))} ms to use, ${median(samples.bytes ?? [])} bytes in ${median(samples.requests ?? [])} requests`
          }))
        }
      ]
    } finally {
      await browser.close()
    }
  })
