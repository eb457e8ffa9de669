import { checkOwnLimits, sharesLimits } from '../harness/cluster/limits.ts'
import type { Fault, Ground } from '../harness/cluster/play-fault.ts'
import { statusOf } from '../harness/cluster/probes.ts'
import { faultOfRefusal } from '../harness/timed-ask.ts'

const anything = () => true
const nothing = () => false
const pictures: Fault['mayRefuse'] = (kind) => kind === 'upload' || kind === 'look'

/** The balancer has to be told that a node can't serve, and whoever restarts processes not to restart it. */
async function checkHealth({ cluster, tally }: Ground): Promise<void> {
  for (const { name, origin } of cluster.nodes) {
    const [live, ready] = await Promise.all([
      statusOf(`${origin}/health/live`),
      statusOf(`${origin}/health/ready`, 10_000)
    ])
    if (live !== 200) tally.fail(`${name} was asked whether it lives, and answered ${live}`)
    if (ready !== 503) tally.fail(`${name} was asked whether it is ready, and answered ${ready}`)
  }
}

/** Texts can be changed; pictures can't be, or be seen. */
async function checkPictures({ cluster, visitor, tally }: Ground): Promise<void> {
  for (const { name, origin } of cluster.nodes) {
    const [renamed, uploaded, seen, ready] = await Promise.all([
      visitor.rename(origin),
      visitor.upload(origin),
      visitor.look(origin),
      statusOf(`${origin}/health/ready`)
    ])
    tally.atMost('slowest answer to an upload without S3, ms', uploaded.ms)
    if (renamed.status !== 200) tally.fail(`${name}: an update without S3 was answered ${renamed.status}`)
    if (ready !== 200) tally.fail(`${name} was not ready: ${ready}, though it is only pictures that are away`)
    for (const [what, answer] of Object.entries({ 'an upload': uploaded, 'a picture': seen })) {
      const fault = faultOfRefusal(answer)
      if (fault !== undefined) tally.fail(`${name}: ${what} was answered with ${fault}`)
    }
  }
}

const takesPictures: Fault['isOver'] = async ({ visitor }, origin) =>
  (await visitor.upload(origin)).status === 200 && (await visitor.look(origin)).status === 200

/** Those of the small run: standing still is half-open connections, which another scenario has. */
export const ENDED = /stopped|killed/

/** Servers that end, or stand still, under load. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'PostgreSQL stopped',
    begin: async ({ postgres }) => void (await postgres.stop()),
    end: ({ postgres }) => postgres.start(),
    mayRefuse: anything,
    check: checkHealth
  },
  {
    name: 'PostgreSQL killed',
    begin: ({ postgres }) => postgres.kill(),
    end: ({ postgres }) => postgres.start(),
    mayRefuse: anything,
    check: checkHealth
  },
  {
    name: 'PostgreSQL standing still',
    begin: ({ postgres }) => postgres.pause(),
    end: ({ postgres }) => postgres.resume(),
    mayRefuse: anything,
    check: checkHealth
  },
  {
    name: 'S3 stopped',
    begin: async ({ s3 }) => void (await s3.stop()),
    end: ({ s3 }) => s3.start(),
    mayRefuse: pictures,
    check: checkPictures,
    isOver: takesPictures
  },
  {
    name: 'S3 standing still',
    begin: ({ s3 }) => s3.pause(),
    end: ({ s3 }) => s3.resume(),
    mayRefuse: pictures,
    check: checkPictures,
    isOver: takesPictures
  },
  {
    name: 'Redis killed',
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.start(),
    mayRefuse: nothing,
    check: checkOwnLimits,
    isOver: sharesLimits
  },
  {
    name: 'Redis standing still',
    begin: ({ redis }) => redis.pause(),
    end: ({ redis }) => redis.resume(),
    mayRefuse: nothing,
    check: checkOwnLimits,
    isOver: sharesLimits
  }
]
