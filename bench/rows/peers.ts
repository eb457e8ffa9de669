import { fillUsers } from '../harness/fill-users.ts'
import { interleave, type Subject } from '../harness/interleave.ts'
import { countedSubject, loadSubject } from '../harness/load-subject.ts'
import { makePhoto } from '../harness/photos.ts'
import { freePort, type Server } from '../harness/processes.ts'
import type { Bench, Contestant, Row, RowResult, Target } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { spreadIds, updateRequests } from '../load/profile-requests.ts'
import { PEERS } from '../peers/all.ts'
import type { Peer, RunningPeer } from '../peers/peer.ts'
import { type Program, SECRET, startProgram } from '../servers/start.ts'
import { UPLOADS_AT_ONCE, uploadRequests } from './avatar-upload.ts'
import { CONNECTIONS } from './sizes.ts'

/** How many times as fast as each peer the update is meant to be. */
const TARGETS: Record<string, Target> = {
  PocketBase: { atLeast: 20 },
  'Django REST framework': { atLeast: 60 }
}

const PICTURE = { width: 1920, height: 1440, bytes: 1_000_000 }

/** Other people's servers: the same update, and the same picture where they take one. */
export const peers: Row = async (bench) => {
  const userCount = bench.quick ? 20 : 200
  const picture = await makePhoto(PICTURE.width, PICTURE.height, PICTURE.bytes)
  const facts: RowResult['facts'] = []
  return withServers(async (keep) => {
    const running: { peer: Peer; started: RunningPeer }[] = []
    for (const peer of PEERS) {
      const versions = await peer.install(bench.cache)
      const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
      facts.push({ label: peer.name, value: named.join(', ') })
      bench.log(`starting ${peer.name}`)
      const started = await peer.start({
        cache: bench.cache,
        folder: bench.makeFolder('peer'),
        port: await freePort(),
        userCount,
        picture
      })
      keep(started.server)
      running.push({ peer, started })
    }
    const ours = async (program: Program): Promise<Server> => {
      const folder = bench.makeFolder('peers')
      fillUsers(`${folder}/profile.db`, userCount)
      return keep(await startProgram(program, { folder }))
    }
    const [full, normal] = [await ours('service'), await ours('log-unsynced')]
    const requests = updateRequests(spreadIds(userCount, userCount), SECRET)
    const updates = await interleave(
      [
        await loadSubject(bench, subjectOf('service', 'WAL, synced before the answer', full, requests)),
        await loadSubject(bench, subjectOf('service without the sync', 'WAL/NORMAL', normal, requests)),
        ...(await Promise.all(
          running.map(({ peer, started: { server, updates } }) =>
            loadSubject(bench, subjectOf(peer.name, peer.durability, server, updates))
          )
        ))
      ],
      bench.rounds,
      bench.log
    )
    const uploads = await interleave(
      await uploadSubjects(bench, full, picture, running),
      bench.rounds,
      bench.log
    )
    return [
      {
        id: 'peers',
        title: 'JSON update beside other servers, each with its own default durability',
        contestants: updates,
        ratios: ratiosTo(updates, 'updates/s', TARGETS),
        facts
      },
      {
        id: 'peers-upload',
        title: 'Upload of a 1 MB picture beside other servers',
        contestants: uploads,
        ratios: ratiosTo(uploads, 'uploads/s', {}),
        facts: []
      }
    ]
  })
}

const subjectOf = (name: string, note: string, server: Server, requests: RunningPeer['updates']) => ({
  name,
  note,
  server,
  requests,
  connections: CONNECTIONS
})

async function uploadSubjects(
  bench: Bench,
  service: Server,
  picture: Buffer,
  running: readonly { peer: Peer; started: RunningPeer }[]
): Promise<Subject[]> {
  const common = { connections: UPLOADS_AT_ONCE, seconds: 2 * bench.seconds }
  const subjects = [
    await countedSubject(bench, {
      name: 'service',
      note: 'decoded, re-encoded',
      server: service,
      requests: uploadRequests(picture),
      ...common
    })
  ]
  for (const { peer, started } of running) {
    if (!started.uploads) continue
    const { name, uploadWork = '' } = peer
    subjects.push(
      await countedSubject(bench, {
        name,
        note: uploadWork,
        server: started.server,
        requests: started.uploads,
        ...common
      })
    )
  }
  return subjects
}

/** The first contestant is the service; the ratios are its figures by each peer's. */
function ratiosTo([ours, ...others]: Contestant[], unit: string, targets: Record<string, Target>) {
  return others.map(({ name, samples }) =>
    ratioOf(`${unit} ÷ ${name}`, ours?.samples.requestsPerSecond, samples.requestsPerSecond, targets[name])
  )
}
