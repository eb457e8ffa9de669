import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BucketAlreadyOwnedByYou, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import type { Test } from 'tap'
import { freePort } from '../../bench/harness/processes.ts'
import { eventually } from '../helper.ts'
import { installedServer } from './servers/installed.ts'

/** An S3 server that runs here, with one bucket. */
export interface S3Server {
  name: string
  /** Such as `http://127.0.0.1:41234`; the same after `stop` and `start`. */
  endpoint: string
  accessKeyId: string
  secretAccessKey: string
  region: string
  bucket: string
  /** Ends it, as a machine that is turned off would. */
  stop(): Promise<void>
  start(): Promise<void>
  /** What it has written to its output so far. */
  output(): string
}

const REGION = 'us-east-1'
const KEY = { accessKeyId: 'test-key-of-the-tests', secretAccessKey: 'test-secret-of-the-tests' }

/** A gateway to a folder, which keeps what was put there when it is stopped. */
export function startVersitygw(t: Test): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'versitygw-'))
  for (const name of ['buckets', 'sidecar']) mkdirSync(join(folder, name))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return startServer(t, 'versitygw', (port) => ({
    program: installedServer('versitygw'),
    args: [
      ...['--port', `127.0.0.1:${port}`, '--region', REGION, '--keep-alive'],
      // File systems without extended attributes will do too.
      ...['posix', '--sidecar', join(folder, 'sidecar'), join(folder, 'buckets')]
    ],
    env: { ROOT_ACCESS_KEY_ID: KEY.accessKeyId, ROOT_SECRET_ACCESS_KEY: KEY.secretAccessKey }
  }))
}

/** A mock of AWS in memory: when it is stopped, all is gone, and its bucket is empty afterwards. */
export function startMoto(t: Test): Promise<S3Server> {
  return startServer(t, 'moto', (port) => ({
    program: installedServer('moto'),
    args: ['--host', '127.0.0.1', '--port', String(port)],
    env: {}
  }))
}

interface Command {
  program: string
  args: string[]
  env: Record<string, string>
}

async function startServer(t: Test, name: string, commandAt: (port: number) => Command): Promise<S3Server> {
  const port = await freePort()
  const { program, args, env } = commandAt(port)
  const endpoint = `http://127.0.0.1:${port}`
  const bucket = 'pictures'
  let child: ChildProcess | undefined
  let written = ''

  async function start(): Promise<void> {
    const started = spawn(program, args, { env: { PATH: process.env.PATH ?? '', ...env } })
    child = started
    for (const output of [started.stdout, started.stderr])
      output.setEncoding('utf8').on('data', (text) => {
        written += text
      })
    await eventually(`${name} makes a bucket`, async () => {
      if (started.exitCode !== null) throw new Error(`${name} ended: ${written}`)
      return makeBucket(endpoint, bucket)
    })
  }

  async function stop(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  t.teardown(stop)
  await start()
  return { name, endpoint, ...KEY, region: REGION, bucket, stop, start, output: () => written }
}

async function makeBucket(endpoint: string, bucket: string): Promise<boolean> {
  const client = new S3Client({
    endpoint,
    region: REGION,
    forcePathStyle: true,
    credentials: KEY,
    maxAttempts: 1
  })
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    return true
  } catch (error) {
    return error instanceof BucketAlreadyOwnedByYou
  } finally {
    client.destroy()
  }
}

/** The settings of a service that keeps its pictures there. */
export const settingsOf = (
  { endpoint, accessKeyId, secretAccessKey, region, bucket }: S3Server,
  prefix: string
): Record<string, string> => ({
  MEDIA_STORE: `s3://${bucket}/${prefix}`,
  S3_ENDPOINT: endpoint,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey
})
