import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { METRICS_LISTENER, type MetricsSetting } from '../../src/metrics-setting.ts'
import type { Prometheus } from './prometheus.ts'

export interface MetricsOptions extends MetricsSetting {
  prometheus: Prometheus
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Where `/metrics` is, once the app is ready; only where metrics are on. */
    metricsOrigin?: string
  }
}

/** One name for all that is nobody's, lest strangers make names. */
const NO_ROUTE = 'none'

/** Scrapers and nobody else. */
const MAX_CONNECTIONS = 20

/** Counts answers by route, and serves `GET /metrics` on a port of its own that ends with the app. */
export default fp<MetricsOptions>(
  async (app: FastifyInstance, { prometheus, host, port }) => {
    app.addHook('onResponse', (request, reply, done) => {
      const route = (request.is404 ? undefined : request.routeOptions.url) ?? NO_ROUTE
      prometheus.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
      done()
    })
    const server = createServer((request, response) => {
      const path = request.url?.split('?', 1)[0]
      if (path !== '/metrics') refuse(response, 404)
      else if (request.method !== 'GET' && request.method !== 'HEAD')
        refuse(response, 405, { allow: 'GET, HEAD' })
      else void show(prometheus, response).catch(() => refuse(response, 500))
    })
    server.maxConnections = MAX_CONNECTIONS
    app.decorate('metricsOrigin', '')
    app.addHook('onReady', async () => {
      app.metricsOrigin = await listen(server, { host, port })
      app.log.info(`metrics are at ${app.metricsOrigin}/metrics`)
    })
    // Last of all, so that the end can be watched too.
    app.addHook('onClose', async () => {
      server.close()
      server.closeAllConnections()
    })
  },
  { name: 'user-profile-metrics', fastify: '5.x' }
)

async function listen(server: Server, { host, port }: MetricsSetting): Promise<string> {
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw Object.assign(error as Error, { listener: METRICS_LISTENER })
  }
  const { address, family, port: bound } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`
}

async function show(prometheus: Prometheus, response: ServerResponse): Promise<void> {
  const text = await prometheus.render()
  response.writeHead(200, { 'content-type': prometheus.contentType, 'cache-control': 'no-store' }).end(text)
}

function refuse(response: ServerResponse, status: number, headers = {}): void {
  response.writeHead(status, { 'content-length': 0, ...headers }).end()
}
