import { mkdirSync } from 'node:fs'
import { freePort } from '../../../bench/harness/processes.ts'
import { installedServer } from '../../../test/full/servers/installed.ts'
import { createPart, type Part } from './part.ts'

/** What is between the nodes and a server, and can be disturbed. */
export interface Link {
  name: string
  /** Where nodes find the server. */
  port: number
  /** Disturbs what goes one way or the other, until it is mended. */
  disturb(toxic: Toxic): Promise<void>
  /** Ends all connections and takes no new ones, until it is mended. */
  cut(): Promise<void>
  mend(): Promise<void>
}

/** A fault in Toxiproxy's words. */
export interface Toxic {
  type: 'latency' | 'bandwidth' | 'timeout' | 'reset_peer' | 'slicer' | 'slow_close'
  /** Whether it meets what the server sends (`downstream`), or what the nodes send. */
  stream: 'downstream' | 'upstream'
  attributes: Record<string, number>
}

export interface Links extends Part {
  open(name: string, serverPort: number): Promise<Link>
}

/** Toxiproxy, which carries bytes from one to the other and is told how badly. */
export async function createLinks(folder: string): Promise<Links> {
  const api = await freePort()
  const cwd = `${folder}/links`
  mkdirSync(cwd)
  const part = createPart({
    name: 'toxiproxy',
    command: installedServer('toxiproxy'),
    args: ['-host', '127.0.0.1', '-port', String(api)],
    env: { LOG_LEVEL: 'error' },
    cwd,
    isReady: () => ask('GET', '/version').then(() => true)
  })

  async function ask(method: string, path: string, json?: unknown): Promise<unknown> {
    const headers = { 'content-type': 'application/json' }
    const init = { method, ...(json !== undefined && { headers, body: JSON.stringify(json) }) }
    const response = await fetch(`http://127.0.0.1:${api}${path}`, init)
    const text = await response.text()
    if (!response.ok) throw new Error(`Toxiproxy answered ${method} ${path} with ${response.status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  async function open(name: string, serverPort: number): Promise<Link> {
    const port = await freePort()
    const [listen, upstream] = [`127.0.0.1:${port}`, `127.0.0.1:${serverPort}`]
    await ask('POST', '/proxies', { name, listen, upstream, enabled: true })
    const set = (enabled: boolean) => ask('POST', `/proxies/${name}`, { enabled })
    return {
      name,
      port,
      disturb: async (toxic) => void (await ask('POST', `/proxies/${name}/toxics`, toxic)),
      cut: async () => void (await set(false)),
      async mend() {
        const toxics = (await ask('GET', `/proxies/${name}/toxics`)) as { name: string }[]
        for (const toxic of toxics) await ask('DELETE', `/proxies/${name}/toxics/${toxic.name}`)
        await set(true)
      }
    }
  }

  return Object.assign(part, { open })
}
