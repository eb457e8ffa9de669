import { createHash } from 'node:crypto'
import t from 'tap'
import { PASSWORD, SECRET, unique } from '../helper.ts'
import { makeGround, moveWith } from '../moves.ts'
import { startNodeS3 } from '../node-s3.ts'
import { jpeg } from '../pictures.ts'
import { startPostgres } from '../postgres.ts'
import { signInAt, startService } from '../service.ts'

const WRITERS = 8

/** Somebody who changes their profile as fast as it goes, and what they were told. */
interface Writer {
  id: number
  email: string
  access: string
  refresh: string
  /** The last number that was acknowledged, and the last one that was sent. */
  acknowledged: number
  sent: number
  /** The URL of the picture that was last acknowledged, and the SHA-256 of what was sent. */
  avatars: string[]
  refused: boolean
}

interface Profile {
  first_name: string
  avatar: string
}

const json = (method: string, body: object, access?: string): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', ...(access && { authorization: `Bearer ${access}` }) },
  body: JSON.stringify(body)
})

async function signUp(origin: string): Promise<Writer> {
  const username = unique('mover')
  const email = `${username}@example.com`
  const response = await fetch(
    `${origin}/api/sign-up/`,
    json('POST', { username, email, password: PASSWORD })
  )
  if (response.status !== 201) throw new Error(`sign-up: ${response.status}`)
  const { user, access, refresh } = (await response.json()) as {
    user: { id: number }
    access: string
    refresh: string
  }
  return { id: user.id, email, access, refresh, acknowledged: 0, sent: 0, avatars: [], refused: false }
}

async function write(origin: string, writer: Writer, picture: Buffer): Promise<void> {
  while (!writer.refused) {
    writer.sent++
    const url = `${origin}/api/profile/${writer.id}/update/`
    const answer = await fetch(url, json('PUT', { first_name: String(writer.sent) }, writer.access))
    const { status } = answer
    await answer.arrayBuffer()
    if (status === 200) writer.acknowledged = writer.sent
    else if (status === 503) writer.refused = true
    else throw new Error(`update: ${status}`)
    if (writer.sent % 20 !== 0 || writer.refused) continue
    const form = new FormData()
    form.append('avatar', new Blob([new Uint8Array(picture)], { type: 'image/jpeg' }), 'a.jpg')
    const headers = { authorization: `Bearer ${writer.access}` }
    const uploaded = await fetch(url, { method: 'PUT', headers, body: form })
    const body = (await uploaded.json()) as Profile
    if (uploaded.status === 200) writer.avatars.push(body.avatar)
    else if (uploaded.status !== 503) throw new Error(`upload: ${uploaded.status}`)
  }
}

t.test(
  'a service is moved to PostgreSQL while people write to it, and nothing acknowledged is lost',
  async (t) => {
    const folder = t.testdir({})
    const { url, query } = await makeGround(t, await startPostgres(t))
    const bucket = await startNodeS3(t)
    const { accessKeyId, secretAccessKey } = bucket.credentials
    const env = { JWT_SECRET: SECRET, LOG_LEVEL: 'silent' }
    const ofBucket = {
      S3_ENDPOINT: bucket.endpoint,
      AWS_REGION: bucket.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey
    }
    const store = `s3://${bucket.bucket}/moved`
    const old = await startService(t, folder, env)
    const writers = await Promise.all(Array.from({ length: WRITERS }, () => signUp(old.origin)))
    const picture = await jpeg()
    const writing = Promise.all(writers.map((writer) => write(old.origin, writer, picture)))
    const newcomers: Writer[] = []
    const coming = (async () => {
      while (!writers.some(({ refused }) => refused)) {
        try {
          newcomers.push(await signUp(old.origin))
        } catch (error) {
          if (!/503/.test(String(error))) throw error
        }
      }
    })()
    const places = ['--to', url, '--media-to', store]
    t.match(await moveWith(t, folder, ofBucket, ...places, '--ahead'), { code: 0, stderr: '' })
    t.notOk(
      writers.some(({ refused }) => refused),
      'nobody is kept from writing by a copy ahead'
    )
    const { code, stdout } = await moveWith(t, folder, ofBucket, ...places, '--json')
    t.equal(code, 0)
    t.match(JSON.parse(stdout), { state: 'moved', pictures: { missing: 0 } })
    await Promise.all([writing, coming])
    t.ok(writers.every(({ acknowledged }) => acknowledged > 10))
    t.ok(newcomers.length > 0)
    t.equal(
      (await fetch(`${old.origin}/api/profile/${writers[0]?.id}/`, { headers: bearer(writers[0]) })).status,
      200
    )

    const squares = await Promise.all(writers.map((writer) => pictureOf(old.origin, writer)))
    await old.stop()
    const fresh = await startService(t, folder, {
      ...env,
      ...ofBucket,
      DATABASE_URL: url,
      MEDIA_STORE: store
    })
    for (const [index, writer] of writers.entries()) {
      const answer = await fetch(`${fresh.origin}/api/profile/${writer.id}/`, { headers: bearer(writer) })
      const profile = (await answer.json()) as Profile
      t.equal(answer.status, 200, 'old access tokens work on')
      const kept = Number(profile.first_name)
      t.ok(
        kept === writer.acknowledged || kept === writer.sent,
        `${kept} of ${writer.acknowledged}, ${writer.sent}`
      )
      t.strictSame(await pictureOf(fresh.origin, writer), squares[index], 'so do the URLs of pictures')
      t.match(squares[index], { status: 200, url: writer.avatars.at(-1) })
      const refreshed = await fetch(
        `${fresh.origin}/api/token/refresh/`,
        json('POST', { refresh: writer.refresh })
      )
      t.equal(refreshed.status, 200, 'old refresh tokens work on')
      t.equal(
        (
          await fetch(
            `${fresh.origin}/api/profile/${writer.id}/update/`,
            json('PUT', { last_name: 'new' }, writer.access)
          )
        ).status,
        200
      )
    }
    for (const { email } of newcomers) t.equal((await signInAt(fresh.origin, email, PASSWORD)).status, 200)
    const highest = Math.max(...[...writers, ...newcomers].map(({ id }) => id))
    t.ok((await signUp(fresh.origin)).id > highest)
    t.equal(
      (await query('select count(*)::int as count from users'))[0]?.count,
      WRITERS + newcomers.length + 1
    )
  }
)

const bearer = (writer: Writer | undefined) => ({ authorization: `Bearer ${writer?.access}` })

/** What is at the last URL of somebody's picture. */
async function pictureOf(origin: string, writer: Writer) {
  const answer = await fetch(`${origin}/api/profile/${writer.id}/`, { headers: bearer(writer) })
  const profile = (await answer.json()) as Profile
  const response = await fetch(new URL(profile.avatar, origin))
  const digest = createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex')
  return { url: profile.avatar, status: response.status, digest }
}
