import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../bench/harness/processes.ts'
import { createPart, type Part } from './part.ts'
import { isListening } from './probes.ts'

export interface NginxPart extends Part {
  /** What clients ask. */
  origin: string
}

const SETTINGS = fileURLToPath(new URL('../../../deploy/nginx.conf', import.meta.url))

/** Folders that nginx writes to, and that Debian's only may where Debian has put them. */
const FOLDERS = [
  'client_body_temp_path',
  'proxy_temp_path',
  'fastcgi_temp_path',
  'uwsgi_temp_path',
  'scgi_temp_path'
]

/** Debian's nginx with the settings that are documented; only addresses, ports and folders are others. */
export async function createNginxPart(
  folder: string,
  nodePorts: readonly number[],
  name = 'nginx'
): Promise<NginxPart> {
  const port = await freePort()
  const cwd = `${folder}/${name}`
  mkdirSync(cwd)
  const path = `${cwd}/nginx.conf`
  writeFileSync(path, settingsFor(readFileSync(SETTINGS, 'utf8'), { port, cwd, nodePorts }))
  const part = createPart({
    name,
    command: 'nginx',
    args: ['-p', cwd, '-c', path, '-g', 'daemon off;'],
    cwd,
    // It answers what is in flight first.
    stopSignal: 'SIGQUIT',
    isReady: () => isListening(port)
  })
  return Object.assign(part, { origin: `http://127.0.0.1:${port}` })
}

function settingsFor(
  documented: string,
  { port, cwd, nodePorts }: { port: number; cwd: string; nodePorts: readonly number[] }
): string {
  const servers = (options = '') =>
    nodePorts.map((one) => `server 127.0.0.1:${one}${options};`).join('\n    ')
  const folders = FOLDERS.map((name) => `${name} ${cwd}/${name};`).join('\n  ')
  const replacements: [RegExp, (all: string, options?: string) => string][] = [
    [/server node-1:8000([^;]*);/g, (_all, options) => servers(options)],
    [/server node-2:8000[^;]*;/g, () => ''],
    [/listen 8080;/g, () => `listen 127.0.0.1:${port};`],
    [/pid [^;]+;/g, () => `pid ${cwd}/nginx.pid;`],
    [/http \{/g, () => `http {\n  ${folders}`]
  ]
  return replacements.reduce((text, [pattern, replacement]) => {
    if (text.search(pattern) < 0) throw new Error(`deploy/nginx.conf has nothing like ${pattern}`)
    return text.replace(pattern, replacement)
  }, documented)
}
