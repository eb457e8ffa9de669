import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

export interface SilentProxy {
  port: number
  /** From now on nothing gets through in either direction, and nobody is told. */
  freeze(): void
  /** What comes from now on gets through again, by new connections. */
  thaw(): void
}

/** Stands between a client and a server of this machine, and can fall silent as a cut cable does. */
export async function startSilentProxy(t: Test, port: number): Promise<SilentProxy> {
  let frozen = false
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const behind = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [client, behind],
      [behind, client]
    ] as const) {
      let cut = frozen
      open.add(from)
      from.on('data', (bytes) => {
        cut ||= frozen
        if (!cut) to.write(bytes)
      })
      from.on('error', () => {})
      from.on('close', () => {
        open.delete(from)
        cut ||= frozen
        if (!cut) to.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    freeze() {
      frozen = true
    },
    thaw() {
      frozen = false
    }
  }
}
