import { mkdirSync, rmSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Random, seeded } from '../../test/hostile/seeded.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { createRebuiltCheck, type RebuiltCheck } from './check-rebuilt.ts'
import type { DiskModel } from './disk-model.ts'
import { accountsAt, type Life, makeRecording, type Recording } from './make-recording.ts'
import { REMAINS, type Remains, rebuild } from './rebuild.ts'
import { findWrites } from './record.ts'
import { replay } from './replay.ts'

const SHORT_LOG = fileURLToPath(new URL('../harness/short-log-service.ts', import.meta.url))
const SHORT_LOG_FRAMES = '120'

/** Answers in the life of a service, and cuts in its record. */
const SIZES = {
  full: { answers: 700, cuts: 100, controlCuts: 10 },
  ci: { answers: 110, cuts: 10, controlCuts: 3 }
}

/** What one recording is made of and cut into. */
interface Trial {
  name: string
  lives: Life[]
  cuts: number
  remains: readonly Remains[]
  /** Whether the service is started on what is left. */
  starts: boolean
  program?: string[]
}

interface Found {
  counts: Map<string, number>
  wrong: string[]
}

async function run({ size, seed, folder, say }: ScenarioOptions): Promise<Outcome> {
  const { answers, cuts, controlCuts } = SIZES[size]
  const found: Found = { counts: new Map(), wrong: [] }
  const random = seeded(seed)
  const rebuiltCheck = createRebuiltCheck(random)
  const lives: Life[] = [
    { answers, ends: 'SIGKILL' },
    { answers, ends: 'SIGTERM' },
    { answers, ends: 'SIGKILL' }
  ]
  const whole = { lives, cuts, remains: REMAINS, starts: true }
  const trials: Trial[] = [
    { name: 'service', ...whole },
    { name: 'short log', ...whole, program: [SHORT_LOG, SHORT_LOG_FRAMES] }
  ]
  for (const trial of trials) {
    say(`recording: ${trial.name}`)
    await tryOut(trial, { folder, seed, random, rebuiltCheck, found })
  }

  // Without the syncs there have to be losses, or this would prove nothing.
  const control: Found = { counts: new Map(), wrong: [] }
  say('recording: without syncs')
  await tryOut(
    {
      name: 'control',
      lives: [{ answers, ends: 'SIGKILL' }],
      cuts: controlCuts,
      remains: ['nothing'],
      starts: false,
      program: [SHORT_LOG, '4000', 'unsynced']
    },
    { folder, seed, random, rebuiltCheck, found: control }
  )
  found.counts.set('what is wrong where commits are not synced', control.wrong.length)
  if (control.wrong.length === 0) found.wrong.push('without syncs nothing was lost: losses would not be seen')
  return { counts: Object.fromEntries(found.counts), failures: found.wrong }
}

interface Context {
  folder: string
  seed: number
  random: Random
  rebuiltCheck: RebuiltCheck
  found: Found
}

/** Records a service and cuts its power at many places of the record. */
async function tryOut(trial: Trial, { folder, seed, random, rebuiltCheck, found }: Context): Promise<void> {
  const place = `${folder}/${trial.name.replaceAll(' ', '-')}`
  mkdirSync(place)
  const recording = await makeRecording({ ...trial, folder: place, seed })
  const cuts = await chooseCuts(recording, trial.cuts, random)
  const count = (name: string, by = 1) => found.counts.set(name, (found.counts.get(name) ?? 0) + by)
  count(
    'writes acknowledged',
    recording.writes.filter(({ acknowledged }) => Number.isFinite(acknowledged)).length
  )

  async function check(disk: DiskModel, cut: number): Promise<void> {
    const accounts = accountsAt(recording, cut)
    const started = random.below(trial.remains.length)
    count('power cuts')
    count(
      'writes acknowledged before a cut',
      recording.writes.filter((one) => one.acknowledged <= cut).length
    )
    count('writes in flight at a cut', accounts.filter(({ pending }) => pending).length)
    if (isUnsynced(disk, `${recording.root}/data/profile.db`)) count('cuts in the midst of a checkpoint')
    for (const [index, remains] of trial.remains.entries()) {
      const rebuilt = `${place}/rebuilt`
      rebuild(rebuilt, disk.top, remains, random)
      const starts = trial.starts && index === started
      const wrong = starts
        ? await rebuiltCheck.checkService(rebuilt, accounts)
        : await rebuiltCheck.checkFiles(rebuilt, accounts)
      rmSync(rebuilt, { recursive: true })
      count('disks rebuilt and compared')
      if (starts) count('services started on one')
      if (wrong.length > 0) count(`${remains} kept of what was not synced: wrong`)
      found.wrong.push(...wrong.map((text) => `${trial.name}, cut at ${cut}, ${remains} kept: ${text}`))
    }
  }

  const disk = await replay(recording.record, recording.root, async (end, disk) => {
    while (cuts[0] !== undefined && cuts[0] < end) await check(disk, cuts.shift() ?? 0)
  })
  for (const cut of cuts) await check(disk, cut)
  rmSync(place, { recursive: true })
}

function isUnsynced(disk: DiskModel, path: string): boolean {
  const node = disk.find(path)
  return node !== undefined && node.unsynced.length > 0
}

/** Right with an answer, in the midst of a checkpoint, or anywhere after the first answer. */
async function chooseCuts({ writes, record }: Recording, howMany: number, random: Random): Promise<number[]> {
  const answers = writes.flatMap(({ acknowledged: at }) => (Number.isFinite(at) ? at : []))
  const first = Math.min(...answers)
  const copies = await findWrites(record, '/data/profile.db')
  const length = statSync(record).size
  const anywhere = () => first + random.below(length - first)
  const among = (places: number[]) => places[random.below(places.length)] ?? anywhere()
  const chosen = [() => among(answers), () => among(copies.filter((at) => at > first)), anywhere]
  return Array.from({ length: howMany }, (_, index) => chosen[index % chosen.length]?.() ?? length).sort(
    (one, other) => one - other
  )
}

const scenario: Scenario = {
  name: 'power-cut',
  title: 'A power cut at any instant leaves every acknowledged write, whatever of the rest it leaves.',
  run
}

export default scenario
