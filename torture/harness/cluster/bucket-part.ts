import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../bench/harness/processes.ts'
import { installedServer } from '../../../test/full/servers/installed.ts'
import { createPart, type Part } from './part.ts'
import { isListening } from './probes.ts'

export interface BucketPart extends Part {
  port: number
  /** Settings of a node whose pictures are there. */
  settings(port: number): Record<string, string>
  /** The folder in which the server keeps the objects, each as a file. */
  folder: string
}

const BUCKET = 'pictures'
const KEYS = { id: 'torture', secret: 'torture-secret' }

/** Versity's gateway, whose objects are files here: a whole S3 server as one program. */
export async function createBucketPart(folder: string): Promise<BucketPart> {
  const port = await freePort()
  const cwd = `${folder}/s3`
  const root = join(cwd, 'objects')
  const sidecar = join(cwd, 'sidecar')
  mkdirSync(join(root, BUCKET), { recursive: true })
  mkdirSync(sidecar)
  const part = createPart({
    name: 's3',
    command: installedServer('versitygw'),
    args: [
      ...['--port', `127.0.0.1:${port}`, '--access', KEYS.id, '--secret', KEYS.secret],
      // File systems without extended attributes will do too.
      ...['posix', '--sidecar', sidecar, root]
    ],
    cwd,
    isReady: () => isListening(port)
  })
  return Object.assign(part, {
    port,
    folder: join(root, BUCKET, 'avatars'),
    settings: (at: number) => ({
      MEDIA_STORE: `s3://${BUCKET}`,
      S3_ENDPOINT: `http://127.0.0.1:${at}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: KEYS.id,
      AWS_SECRET_ACCESS_KEY: KEYS.secret
    })
  })
}
