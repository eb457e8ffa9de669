import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from '../../bench/harness/processes.ts'
import { eventually } from '../helper.ts'

export interface RedisServer {
  /** With the password, where it has one. */
  url: string
  port: number
  /** Kills it, as a power cut would: what it held is gone. */
  stop(): Promise<void>
  /** Starts it again on the same port, empty. */
  start(more?: string[]): Promise<void>
  /** It keeps its connections, and takes new ones, but answers nothing. */
  pause(): void
  resume(): void
}

interface RedisOptions {
  password?: string
  /** Files of a certificate for `localhost`; it then speaks TLS alone. */
  tls?: { cert: string; key: string }
  /** More of its command line, such as `['--maxmemory', '1mb']`. */
  args?: string[]
}

/** Debian's redis-server on a free port of the loopback interface, without files; ended with the test. */
export async function startRedis(
  t: Test,
  { password, tls, args = [] }: RedisOptions = {}
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  const port = await freePort()
  let running: ChildProcess | undefined

  async function start(more: string[] = []): Promise<void> {
    const listening = tls
      ? ['--port', '0', '--tls-port', String(port), '--tls-cert-file', tls.cert, '--tls-key-file', tls.key]
      : ['--port', String(port)]
    const safety = tls ? ['--tls-auth-clients', 'no', '--tls-ca-cert-file', tls.cert] : []
    const secret = password === undefined ? [] : ['--requirepass', password]
    const kept = ['--save', '', '--appendonly', 'no', '--dir', folder]
    const words = ['--bind', '127.0.0.1', ...listening, ...safety, ...secret, ...kept, ...args, ...more]
    const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const output of [child.stdout, child.stderr])
      output.setEncoding('utf8').on('data', (text) => {
        said += text
      })
    const ended = once(child, 'exit')
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    child.once('exit', () => process.off('exit', kill))
    const failed = ended.then(() => {
      throw new Error(`redis-server did not start: ${said}`)
    })
    await Promise.race([eventually('Redis listens', () => isListening(port)), failed])
    failed.catch(() => {})
    running = child
  }

  async function stop(): Promise<void> {
    const child = running
    running = undefined
    if (!child) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  t.teardown(async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  })
  await start()
  const scheme = tls ? 'rediss' : 'redis'
  const credentials = password === undefined ? '' : `:${encodeURIComponent(password)}@`
  return {
    url: `${scheme}://${credentials}${tls ? 'localhost' : '127.0.0.1'}:${port}`,
    port,
    start,
    stop,
    pause: () => void running?.kill('SIGSTOP'),
    resume: () => void running?.kill('SIGCONT')
  }
}

const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
