import type { Random } from '../../test/hostile/seeded.ts'
import { sharesLimits } from '../harness/cluster/limits.ts'
import type { Toxic } from '../harness/cluster/links.ts'
import type { Fault, Ground } from '../harness/cluster/play-fault.ts'
import { faultOfRefusal } from '../harness/timed-ask.ts'

const LINKS = { postgres: 'PostgreSQL', s3: 'S3', redis: 'Redis' } as const

/** What may be refused while the way to a server is disturbed. */
const MAY_REFUSE: Record<keyof typeof LINKS, Fault['mayRefuse']> = {
  postgres: () => true,
  s3: (kind) => kind === 'upload' || kind === 'look',
  redis: () => false
}

type Direction = Toxic['stream']

/** Each with what it is called in the table. */
const TOXICS: Record<string, (stream: Direction, random: Random) => Toxic> = {
  'late by 200 ms': (stream) => ({ type: 'latency', stream, attributes: { latency: 200, jitter: 100 } }),
  'connections reset': (stream, random) => ({
    type: 'reset_peer',
    stream,
    attributes: { timeout: random.below(50) }
  }),
  // Nothing gets through, and nobody is told.
  'half-open': (stream) => ({ type: 'timeout', stream, attributes: { timeout: 0 } }),
  'slow, 20 KB/s': (stream) => ({ type: 'bandwidth', stream, attributes: { rate: 20 } }),
  'in small pieces': (stream) => ({
    type: 'slicer',
    stream,
    attributes: { average_size: 64, size_variation: 32, delay: 100 }
  })
}

const CUT = 'connections cut, none taken'

/** All ways, with all that can be wrong with them. */
export const BETWEEN: readonly { link: keyof typeof LINKS; what: string }[] = (
  Object.keys(LINKS) as (keyof typeof LINKS)[]
).flatMap((link) => [...Object.keys(TOXICS), CUT].map((what) => ({ link, what })))

export const nameOf = ({ link, what }: (typeof BETWEEN)[number]) => `${LINKS[link]} ${what}`

/** One of them, in a direction that the random numbers say. */
export function faultBetween(between: (typeof BETWEEN)[number], random: Random): Fault {
  const { link, what } = between
  const toxic = TOXICS[what]?.(random.pick(['upstream', 'downstream']), random)
  return {
    name: nameOf(between),
    async begin({ links }) {
      if (toxic) await links?.[link].disturb(toxic)
      else await links?.[link].cut()
    },
    end: async ({ links }) => void (await links?.[link].mend()),
    mayRefuse: MAY_REFUSE[link],
    ...(link === 'redis' && { isOver: sharesLimits }),
    ...(link === 's3' && {
      check: askForPictures,
      isOver: async ({ visitor }, origin) =>
        (await visitor.upload(origin)).status === 200 && (await visitor.look(origin)).status === 200
    })
  }
}

/** An upload and a picture are answered, or refused, within seconds, and an update as ever. */
async function askForPictures({ cluster, visitor, tally }: Ground): Promise<void> {
  for (const { name, origin } of cluster.nodes) {
    const answers = await Promise.all([visitor.upload(origin), visitor.look(origin), visitor.rename(origin)])
    for (const [index, answer] of answers.entries()) {
      const what = ['upload', 'look', 'update'][index]
      tally.count(`${what} by itself while S3 was hard to reach: ${answer.status}`)
      tally.atMost(`slowest ${what} while S3 was hard to reach, ms`, answer.ms)
      const fault = answer.status === 200 ? undefined : faultOfRefusal(answer)
      if (fault !== undefined || (what === 'update' && answer.status !== 200))
        tally.fail(`${name}: an ${what} was answered with ${fault ?? answer.status}`)
    }
  }
}
