import { writeFileSync } from 'node:fs'
import { fillUsers } from '../harness/fill-users.ts'
import { loadSubject } from '../harness/load-subject.ts'
import { loopSubject } from '../harness/loop-subject.ts'
import { makePhoto } from '../harness/photos.ts'
import type { Server } from '../harness/processes.ts'
import type { Bench, Row, RowResult } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import type { LoadRequest } from '../load/load.ts'
import { mintAccessToken } from '../load/mint-token.ts'
import { multipartBody } from '../peers/multipart-body.ts'
import { SECRET, startProgram } from '../servers/start.ts'
import { USERS } from './sizes.ts'
import { measureSlowWork } from './slow-work.ts'

export const UPLOADS_AT_ONCE = 8

const PHOTOS = [
  { name: 'a 12-megapixel photo of 3.5 MB', width: 4032, height: 3024, bytes: 3_500_000 },
  { name: 'a picture of 1 MB', width: 1920, height: 1440, bytes: 1_000_000 }
]

/** One upload of the picture by each of the first users. */
export function uploadRequests(picture: Buffer): LoadRequest[] {
  const { headers, body } = multipartBody('avatar', picture)
  return Array.from({ length: UPLOADS_AT_ONCE }, (_, index) => ({
    method: 'PUT',
    path: `/api/profile/${index + 1}/update/`,
    headers: { ...headers, Authorization: `Bearer ${mintAccessToken(index + 1, SECRET)}` },
    body
  }))
}

/** Uploads beside a bare loop over the same decoding, what JSON updates notice of them, and the memory they take. */
export const avatarUpload: Row = async (bench) => {
  const photos = await Promise.all(
    PHOTOS.map(async ({ name, width, height, bytes }) => ({
      name,
      picture: await makePhoto(width, height, bytes)
    }))
  )
  const folder = bench.makeFolder('avatar-upload')
  fillUsers(`${folder}/profile.db`, USERS)
  const rows: RowResult[] = []
  for (const photo of photos) {
    await withServers(async (keep) => {
      const server = keep(await startProgram('service', { folder }))
      rows.push(await measureUploads(bench, server, folder, photo))
    })
  }
  const { picture } = photos.at(-1) ?? { picture: Buffer.alloc(0) }
  await withServers(async (keep) => {
    const server = keep(await startProgram('service', { folder }))
    rows.push(await measureMemory(bench, server, picture))
  })
  return rows
}

async function measureUploads(
  bench: Bench,
  server: Server,
  folder: string,
  { name, picture }: { name: string; picture: Buffer }
): Promise<RowResult> {
  const file = `${folder}/photo.jpg`
  writeFileSync(file, picture)
  // A few dozen uploads a second: a figure takes longer to settle.
  const seconds = 2 * bench.seconds
  const load = {
    name: 'uploads, 8 at a time',
    server,
    requests: uploadRequests(picture),
    connections: UPLOADS_AT_ONCE,
    seconds
  }
  const loop = loopSubject('a bare loop over the same sharp calls', ['avatar', file], seconds)
  const { contestants, ratios } = await measureSlowWork(bench, { work: 'uploads', load, loop })
  return {
    id: `avatar-upload-${Math.round(picture.length / 1e6)}mb`,
    title: `Avatar upload, ${name}`,
    contestants,
    ratios,
    facts: [{ label: 'size of the file', value: `${(picture.length / 1e6).toFixed(2)} MB` }]
  }
}

/** The service's resident memory while it takes one upload after the other. */
async function measureMemory(bench: Bench, server: Server, picture: Buffer): Promise<RowResult> {
  const total = bench.quick ? 40 : 2000
  const subject = await loadSubject(bench, {
    name: 'uploads',
    server,
    requests: uploadRequests(picture),
    connections: UPLOADS_AT_ONCE
  })
  const halves: number[][] = [[], []]
  for (let uploads = 0; uploads < total || halves[1]?.length === 0; ) {
    const half = uploads < total / 2 ? 0 : 1
    const { requestsPerSecond = 0 } = await subject.measure(0)
    uploads += requestsPerSecond * bench.seconds
    halves[half]?.push(server.residentBytes())
    bench.log(`${Math.round(uploads)} uploads: ${Math.round(server.residentBytes() / 1e6)} MB resident`)
  }
  const [first = [], second = []] = halves
  return {
    id: 'avatar-memory',
    title: `Resident memory over ${total.toLocaleString('en')} uploads of 1 MB`,
    contestants: [],
    ratios: [
      ratioOf('most in the second half ÷ most in the first', [Math.max(...second)], [Math.max(...first)], {
        atMost: 1.1
      })
    ],
    facts: [{ label: 'most', value: `${Math.round(Math.max(...first, ...second) / 1e6)} MB` }]
  }
}
