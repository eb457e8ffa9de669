import { fileURLToPath } from 'node:url'
import { noise } from '../../test/pictures.ts'
import { createMembers } from '../harness/members.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { type Server, startServer } from '../harness/server.ts'
import { mountSmallDisk } from '../harness/small-disk.ts'
import { sweepAndCheck } from '../harness/sweep-and-check.ts'
import { createTally, type Tally } from '../harness/tally.ts'
import { UNHURRIED } from '../harness/unhurried.ts'
import { formWith } from '../harness/uploads.ts'
import { playStage } from './play-stage.ts'
import { STAGES, type Stage } from './stages.ts'

const DISK_BYTES = 50_331_648
/** Pages of a log that is copied soon: a checkpoint then meets the full disk. */
const SHORT_LOG = 60

/** Where database and pictures are, and by which program. */
interface Layout {
  name: string
  apart: boolean
  program?: string[]
  /** Those stages of the small run that are not the same elsewhere. */
  stages: RegExp
}

const SHORT_LOG_SERVICE = fileURLToPath(new URL('../harness/short-log-service.ts', import.meta.url))

const LAYOUTS: Layout[] = [
  { name: 'disks of their own', apart: true, stages: /./ },
  { name: 'one disk for both', apart: false, stages: /row|spooled|stored/ },
  {
    name: 'a short log',
    apart: true,
    program: [SHORT_LOG_SERVICE, String(SHORT_LOG)],
    stages: /checkpoint|at once/
  }
]

async function run(options: ScenarioOptions): Promise<Outcome> {
  const tally = createTally(['stages', 'requests', 'losses', 'torn', 'strays', 'who left while it was full'])
  const since = Date.now()
  for (const [index, layout] of LAYOUTS.entries()) {
    if (tally.failed) break
    options.say(layout.name)
    await runLayout(layout, index, options, tally)
  }
  tally.count('seconds', Math.round((Date.now() - since) / 1000))
  return tally.outcome()
}

async function runLayout(
  layout: Layout,
  index: number,
  { folder, size }: ScenarioOptions,
  tally: Tally
): Promise<void> {
  const root = `${folder}/${index}`
  const data = mountSmallDisk(`${root}/data`, DISK_BYTES)
  const disks = [data]
  try {
    if (layout.apart) disks.push(mountSmallDisk(`${root}/media`, DISK_BYTES))
    const media = layout.apart ? `${root}/media` : `${root}/data/media`
    const stages = STAGES[size].filter(({ name }) => size === 'full' || layout.stages.test(name))
    await playAll(stages, { root, media, layout, disks: [data, disks.at(-1) ?? data] }, tally)
  } finally {
    for (const disk of disks) disk.unmount()
  }
}

interface Ground {
  root: string
  media: string
  layout: Layout
  disks: [data: ReturnType<typeof mountSmallDisk>, media: ReturnType<typeof mountSmallDisk>]
}

async function playAll(
  stages: Stage[],
  { root, media, layout, disks: [data, pictures] }: Ground,
  tally: Tally
): Promise<void> {
  const { name, program } = layout
  const database = `${root}/data/profile.db`
  const members = createMembers(`of${program ? 'short' : layout.apart ? 'two' : 'one'}x`, tally)
  const upload = formWith(await (await noise(200, 200)).png().toBuffer())
  const setting = { data, media: pictures, members, upload, uploadBytes: upload({}).body.length }
  const env = { ...UNHURRIED, MEDIA_ROOT: media }
  let server: Server | undefined
  try {
    for (const stage of stages) {
      tally.during(`${name}, ${stage.name}`)
      server = await startServer(root, { env, ...(program && { program }) })
      members.moveTo(server.origin)
      await playStage(stage, setting, tally)
      await server.end('SIGTERM')
      if (server.child.exitCode !== 0)
        tally.fail(`it ended with ${server.child.exitCode}: ${server.stderr()}`)
      members.checkRows(database)
      tally.count('stages')
      if (tally.failed) return
    }
    tally.during(`${name}, in the end`)
    await sweepAndCheck({ root, media, database }, tally)
  } finally {
    if (server?.child.exitCode === null) await server.end()
  }
}

const scenario: Scenario = {
  name: 'disk-full',
  title: 'A full disk refuses writes properly, tears nothing, and reads and deletions go on.',
  run
}

export default scenario
