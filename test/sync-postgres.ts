import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'

/** Runs SQL on a server while the thread waits, as tests do with a file. */
export interface SyncPostgres {
  query(url: string, text: string, values?: unknown[]): Record<string, unknown>[]
}

const SERVER = `
const { workerData: { port, signal, driver } } = require('node:worker_threads')
const pg = require(driver)
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.BOOL, (value) => Number(value === 't'))
const clients = new Map()
async function connect(url) {
  const client = new pg.Client(url)
  client.on('error', () => clients.delete(url))
  await client.connect()
  return client
}
port.on('message', async ({ url, text, values }) => {
  try {
    if (!clients.has(url)) clients.set(url, await connect(url))
    port.postMessage({ rows: (await clients.get(url).query(text, values)).rows })
  } catch (error) {
    port.postMessage({ message: error.message })
  }
  Atomics.add(signal, 0, 1)
  Atomics.notify(signal, 0)
})`

/** Numbers and booleans are numbers in the rows, as in SQLite's. */
export function openSyncPostgres(): SyncPostgres {
  const { port1, port2 } = new MessageChannel()
  /** How many answers there have been. */
  const signal = new Int32Array(new SharedArrayBuffer(4))
  const driver = new URL(import.meta.resolve('pg')).pathname.replace(/esm\/index\.mjs$/, 'lib/index.js')
  const worker = new Worker(SERVER, {
    eval: true,
    workerData: { port: port2, signal, driver },
    transferList: [port2]
  })
  worker.unref()
  port1.unref()
  return {
    query(url, text, values = []) {
      const before = Atomics.load(signal, 0)
      port1.postMessage({ url, text, values })
      // Whoever sees the count before the thread is woken for it goes on, and is woken in its next question.
      while (Atomics.load(signal, 0) === before)
        if (Atomics.wait(signal, 0, before, 30_000) === 'timed-out') throw new Error(`no answer to ${text}`)
      const { rows, message } = receiveMessageOnPort(port1)?.message ?? { message: 'no answer' }
      if (message !== undefined) throw new Error(`${message}: ${text}`)
      return rows
    }
  }
}
