import { readFileSync } from 'node:fs'
import t from 'tap'
import { createPrometheus } from '../plugins/metrics/prometheus.ts'
import { buildTestApp } from './helper.ts'
import { jpeg } from './pictures.ts'
import { readSamples, scrape } from './prometheus.ts'

interface Panel {
  id: number
  type: string
  title: string
  gridPos: { x: number; y: number; w: number; h: number }
  datasource?: { type: string; uid: string }
  targets?: { expr: string; datasource: { uid: string } }[]
}

const dashboard: {
  uid: string
  title: string
  schemaVersion: number
  templating: { list: { name: string; type: string; query: string }[] }
  panels: Panel[]
} = JSON.parse(readFileSync(new URL('../docs/grafana-dashboard.json', import.meta.url), 'utf8'))

const charts = dashboard.panels.filter(({ type }) => type !== 'row')
const queries = [
  ...charts.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.flatMap(({ type, query }) => (type === 'query' ? query : []))
]

/** Each name of a metric in a PromQL expression, with the names and values of the labels that it is asked by. */
const namesIn = (query: string) =>
  [...query.matchAll(/\b([a-z]+_[a-z0-9_]+)(?:\{([^}]*)\}|(?=[,)]| |$))/g)]
    .map(([, name = '', selectors = '']) => ({
      name,
      labels: [...selectors.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label)
    }))
    .filter(({ name }) => !['histogram_quantile', 'label_values', 'status_code'].includes(name))

t.test('the dashboard has what Grafana asks for', async (t) => {
  t.match(dashboard, { uid: /^[\w-]{1,40}$/, title: /./, schemaVersion: Number })
  const variables = new Map(dashboard.templating.list.map((variable) => [variable.name, variable]))
  t.match(variables.get('datasource'), { type: 'datasource', query: 'prometheus' })
  const ids = dashboard.panels.map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length)
  for (const { title, datasource, targets = [], gridPos } of charts) {
    t.strictSame(datasource, { type: 'prometheus', uid: `\${datasource}` }, title)
    t.ok(targets.length > 0, title)
    t.ok(gridPos.x + gridPos.w <= 24, title)
  }
  for (const query of queries) {
    const used = [...query.matchAll(/\$(\w+)/g)].map(([, name = '']) => name)
    t.strictSame(
      used.filter((name) => name !== '__rate_interval' && !variables.has(name)),
      [],
      query
    )
    t.equal(query.split('(').length, query.split(')').length, query)
    t.equal(query.split('{').length, query.split('}').length, query)
  }
})

t.test('each metric and label that it shows is there once the service is used', async (t) => {
  const { app, call, signUp, update } = await buildTestApp(t, { env: { METRICS_PORT: '0' } })
  await app.ready()
  const ada = await signUp()
  await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })
  await call('POST', '/api/sign-in/', { json: { email: ada.email, password: 'wrong' } })
  // SQLite has no pool: what a server’s would say.
  const pooled = createPrometheus({ version: '0' })
  pooled.telemetry.watchPool(() => ({ total: 1, idle: 1, waiting: 0 }))
  const samples = [...(await scrape(String(app.metricsOrigin))), ...readSamples(await pooled.render())]
  const labelsOf = new Map<string, Set<string>>()
  for (const { name, labels } of samples)
    labelsOf.set(name, new Set([...(labelsOf.get(name) ?? ['job', 'instance']), ...Object.keys(labels)]))
  const shown = queries.flatMap(namesIn)
  t.ok(shown.length > charts.length, 'names were found')
  for (const query of queries) t.not(namesIn(query).length, 0, query)
  for (const { name, labels } of shown) {
    t.ok(labelsOf.has(name), name)
    t.strictSame(
      labels.filter((label) => !labelsOf.get(name)?.has(label)),
      [],
      name
    )
  }
  for (const [, list = ''] of queries.join('\n').matchAll(/\bby \(([^)]*)\)/g)) {
    const known = new Set([...labelsOf.values()].flatMap((labels) => [...labels]))
    t.strictSame(
      list.split(', ').filter((label) => !known.has(label)),
      [],
      list
    )
  }
  const ours = [...labelsOf.keys()].filter((name) =>
    /^(user_profile|http)_.*(?<!_bucket|_sum|_count)$/.test(name)
  )
  const names = new Set(shown.map(({ name }) => name))
  t.strictSame(
    ours.filter((name) => !names.has(name)),
    [],
    'nothing of ours is left out'
  )
})
