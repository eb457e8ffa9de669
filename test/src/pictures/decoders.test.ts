import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { createBoundedQueue } from '../../../src/bounded-queue.ts'
import { ServiceError } from '../../../src/errors.ts'
import { startDecoder } from '../../../src/pictures/decoder.ts'
import type { DecoderTask } from '../../../src/pictures/decoder-messages.ts'
import { createDecoders, type DecodersOptions } from '../../../src/pictures/decoders.ts'
import { eventually } from '../../helper.ts'
import { blackPng } from '../../made-pictures/bombs.ts'
import { LIMITS } from '../../made-pictures/prepare.ts'
import { scene, toSharp } from '../../made-pictures/scene.ts'
import { childrenOf, environmentOf, isRunning, NEEDS_PROC, ticksOf } from '../../processes.ts'

/** Most of a second of work, and many seconds. */
const SLOW = blackPng(14_000, 14_000)
const ENDLESS = blackPng(14_000, 900_000)
const ENDLESS_LIMITS = { ...LIMITS, maxPixels: Number.MAX_SAFE_INTEGER }

const UNAVAILABLE = { name: 'ServiceError', code: 'unavailable', status: 503 }

interface Options extends Partial<DecodersOptions> {
  concurrency?: number
  maxWaiting?: number
}

/** Decoders that are ended with the test, with what they work on, and what they log. */
async function open(t: Test, { concurrency = 1, maxWaiting = 100, ...options }: Options = {}) {
  const logged: string[] = []
  const write = (_: object, message: string) => void logged.push(message)
  const queue = createBoundedQueue({ concurrency, maxWaiting })
  const log = { info: write, warn: write, error: write }
  const decoders = createDecoders({ queue, maxCpuMs: 60_000, log, ...options })
  t.teardown(() => decoders.close())
  const before = new Set(childrenOf(process.pid))
  const folder = t.testdir()
  const file = (name: string, bytes: Buffer) => {
    writeFileSync(`${folder}/${name}`, bytes)
    return `${folder}/${name}`
  }
  const small = file('small.png', await toSharp(scene()).png().toBuffer())
  const slow = file('slow.png', SLOW)
  return {
    decoders,
    logged,
    file,
    pids: () => childrenOf(process.pid).filter((pid) => !before.has(pid)),
    prepareSmall: () => decoders.prepareAvatar(small, LIMITS),
    prepareSlow: () => decoders.prepareAvatar(slow, { ...LIMITS, maxPixels: 200_000_000 })
  }
}

/** The one decoder, once it is in the middle of a slow piece of work. */
async function decoderAtWork({ pids, prepareSmall, prepareSlow }: Awaited<ReturnType<typeof open>>) {
  await prepareSmall()
  const [pid = 0] = pids()
  const before = ticksOf(pid)
  const work = prepareSlow()
  work.catch(() => {})
  await eventually('the decoder works', () => ticksOf(pid) > before + 5)
  return { pid, work }
}

t.test('a picture is prepared, and a square cut, as without a process of its own', async (t) => {
  const { decoders, prepareSmall } = await open(t)
  const { bytes, format } = await prepareSmall()
  t.equal(format, 'png')
  t.match(await sharp(bytes).metadata(), { width: 96, height: 64 })
  t.match(await sharp(await decoders.prepareSquare(async () => bytes, 32)).metadata(), {
    width: 32,
    height: 32
  })
})

t.test('what is wrong with a picture is said in its sentence', async (t) => {
  const { decoders, file, prepareSmall, logged } = await open(t)
  await t.rejects(decoders.prepareAvatar(file('text', Buffer.from('a text')), LIMITS), {
    name: 'InvalidPictureError',
    sentence: /^Upload a valid image\./
  })
  await t.rejects(decoders.prepareAvatar(file('large.png', blackPng(9000, 9000)), LIMITS), {
    sentence: 'Ensure the image has no more than 50000000 pixels.',
    name: 'InvalidPictureError'
  })
  await t.resolves(prepareSmall())
  t.strictSame(logged, [])
})

t.test('a file that can’t be read is no fault of the picture', async (t) => {
  const { decoders } = await open(t)
  await t.rejects(decoders.prepareAvatar('/no/such/file', LIMITS), UNAVAILABLE)
})

t.test('one process serves many, and no more run than may', NEEDS_PROC, async (t) => {
  const { pids, prepareSmall } = await open(t, { concurrency: 2 })
  t.strictSame(pids(), [], 'none is started before it is needed')
  await prepareSmall()
  const first = pids()
  t.equal(first.length, 1)
  await prepareSmall()
  t.strictSame(pids(), first)
  await Promise.all(Array.from({ length: 12 }, prepareSmall))
  t.equal(pids().length, 2)
})

t.test('a picture that waits for its square is not read before its turn', async (t) => {
  const { decoders } = await open(t)
  const bytes = await toSharp(scene()).png().toBuffer()
  const turns = [1, 2, 3].map(() => Promise.withResolvers<Buffer | undefined>())
  let read = 0
  const squares = turns.map(({ promise }) =>
    decoders.prepareSquare(async () => {
      read++
      return promise
    }, 32)
  )
  for (const [index, { resolve }] of turns.entries()) {
    t.equal(read, index + 1)
    resolve(index === 1 ? undefined : bytes)
    const square = await squares[index]
    t.equal(square === undefined, index === 1, 'one that is gone by then has none')
  }
})

t.test('decoding that takes too long is refused, and its process is gone', NEEDS_PROC, async (t) => {
  const { decoders, file, pids, prepareSmall, logged } = await open(t, { maxCpuMs: 1000 })
  await t.rejects(decoders.prepareAvatar(file('endless.png', ENDLESS), ENDLESS_LIMITS), {
    name: 'InvalidPictureError',
    sentence: 'Ensure the image can be read within 1 second.'
  })
  t.strictSame(pids(), [], 'before the answer')
  t.strictSame(logged, [])
  t.equal((await prepareSmall()).format, 'png', 'the next one has a new process')
  t.equal(pids().length, 1)
})

t.test('a decoder that somebody kills is no fault of the picture', NEEDS_PROC, async (t) => {
  const service = await open(t)
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
    const { pid, work } = await decoderAtWork(service)
    process.kill(pid, signal)
    if (signal === 'SIGKILL') {
      await t.rejects(work, UNAVAILABLE, signal)
      t.notOk(isRunning(pid))
    } else {
      t.equal((await work).format, 'png', `${signal} is for the service to judge`)
    }
    await t.resolves(service.prepareSmall())
  }
  t.strictSame(service.logged, [])
})

t.test('a picture that breaks its decoder is refused, and the log says so', NEEDS_PROC, async (t) => {
  const service = await open(t)
  for (const signal of ['SIGSEGV', 'SIGBUS', 'SIGABRT'] as const) {
    const { pid, work } = await decoderAtWork(service)
    process.kill(pid, signal)
    await t.rejects(work, { name: 'InvalidPictureError', sentence: /^Upload a valid image\./ }, signal)
    t.equal(service.logged.length, 1, signal)
    t.equal(service.logged.pop(), 'a picture broke its decoder')
  }
  await t.resolves(service.prepareSmall())
})

t.test('a decoder that ends while it has nothing to do is replaced', NEEDS_PROC, async (t) => {
  const { pids, prepareSmall } = await open(t)
  await prepareSmall()
  const [idle = 0] = pids()
  process.kill(idle, 'SIGKILL')
  await eventually('it is gone', () => !isRunning(idle))
  await eventually('the next one works', () => prepareSmall().then(() => true, isUnavailable))
  t.equal(pids().length, 1)
  t.not(pids()[0], idle)
})

/** Whoever comes in the moment in which a decoder ends may be told to come again. */
function isUnavailable(error: unknown): boolean {
  if (error instanceof ServiceError && error.status === 503) return false
  throw error
}

t.test('past those that may wait, requests are told to come again', async (t) => {
  const { decoders, prepareSmall, prepareSlow } = await open(t, { maxWaiting: 1 })
  const [running, waiting] = [prepareSlow(), prepareSmall()]
  await t.rejects(prepareSmall(), UNAVAILABLE)
  await t.rejects(
    decoders.prepareSquare(async () => Buffer.alloc(1), 64),
    UNAVAILABLE
  )
  await Promise.all([running, waiting])
  await t.resolves(prepareSmall())
})

t.test('closing leaves no process, at work or idle, and no one without an answer', NEEDS_PROC, async (t) => {
  const service = await open(t, { concurrency: 2 })
  await Promise.all([service.prepareSmall(), service.prepareSmall()])
  const work = service.prepareSlow()
  const ended = t.rejects(work, UNAVAILABLE)
  const started = service.pids()
  t.equal(started.length, 2)
  await service.decoders.close()
  t.notOk(started.some(isRunning))
  await ended
  await t.rejects(service.prepareSmall(), UNAVAILABLE)
  t.strictSame(service.pids(), [])
  t.strictSame(service.logged, [])
})

t.test('a decoder has nothing of the service’s environment', NEEDS_PROC, async (t) => {
  const secret = 'a-secret-that-no-decoder-is-told-0123456789'
  process.env.JWT_SECRET = secret
  t.teardown(() => delete process.env.JWT_SECRET)
  const { pids, prepareSmall } = await open(t)
  await prepareSmall()
  const [pid = 0] = pids()
  const environment = environmentOf(pid)
  t.ok(
    environment.some((line) => line.startsWith('MALLOC_ARENA_MAX=')),
    'it is a decoder’s'
  )
  t.notOk(environment.join('\n').includes(secret))
  const names = environment.flatMap((line) => line.split('=', 1)).filter((name) => name !== '')
  // The test's runner gives something to every process that is started under it.
  const runner = names.some((name) => name.startsWith('_TAPJS_')) ? /^(?:_TAPJS_\w+|NODE_OPTIONS)$/ : /^$/
  const own = /^(?:MALLOC_ARENA_MAX|NODE_(?:COMPILE_CACHE|CHANNEL_FD|CHANNEL_SERIALIZATION_MODE))$/
  t.strictSame(
    names.filter((name) => !own.test(name) && !runner.test(name)),
    []
  )
})

t.test('where memory runs out a decoder is ended first, also one that only starts', NEEDS_PROC, async (t) => {
  const before = new Set(childrenOf(process.pid))
  const decoder = startDecoder()
  t.teardown(() => decoder.end())
  const [pid = 0, ...others] = childrenOf(process.pid).filter((pid) => !before.has(pid))
  t.strictSame(others, [])
  t.equal(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim(), '1000')
})

t.test('decoders without work end, and start again when there is some', NEEDS_PROC, async (t) => {
  const { pids, prepareSmall } = await open(t, { concurrency: 2, idleMs: 50 })
  await Promise.all([prepareSmall(), prepareSmall()])
  await eventually('they ended', () => pids().length === 0)
  await t.resolves(prepareSmall())
})

t.test('a decoder at work does not count as idle', NEEDS_PROC, async (t) => {
  const service = await open(t, { concurrency: 2, idleMs: 20 })
  const [work] = await Promise.all([service.prepareSlow(), service.prepareSmall()])
  t.equal(work.format, 'png')
})

t.test('a decoder’s libvips reads no other format, though sharp would', async (t) => {
  const { decoders } = await open(t)
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="9" height="9"/></svg>'
  )
  t.equal((await sharp(svg).metadata()).format, 'svg')
  for (const bytes of [
    svg,
    Buffer.concat([Buffer.from('<?xml version="1.0"?>\n'), svg]),
    Buffer.from('%PDF-1.4\n%%EOF\n')
  ])
    await t.rejects(
      decoders.prepareSquare(async () => bytes, 32),
      { name: 'InvalidPictureError' }
    )
})

/** A process that starts a decoder, gives it one task, and is killed when that is under way. */
async function orphan(t: Test, task: DecoderTask, underWay: (pid: number) => boolean): Promise<number> {
  const module = new URL('../../../src/pictures/decoder.ts', import.meta.url)
  const service = `
    import { startDecoder } from '${module.href}'
    startDecoder().run(${JSON.stringify(task)}, 600_000)
    setInterval(() => {}, 1000)
  `
  const parent = spawn(process.execPath, ['--input-type=module', '-e', service], { stdio: 'ignore' })
  t.teardown(() => parent.kill('SIGKILL'))
  const decoder = () => childrenOf(parent.pid ?? 0)[0] ?? 0
  await eventually('the decoder is under way', () => underWay(decoder()))
  const pid = decoder()
  parent.kill('SIGKILL')
  return pid
}

t.test('a decoder ends when the service is gone, whatever ended it', NEEDS_PROC, async (t) => {
  const { file } = await open(t)
  const endless = file('endless.png', ENDLESS)
  const tasks: [name: string, path: string, isUnderWay: (pid: number) => boolean][] = [
    ['as it starts', '/no/such/file', isRunning],
    ['without work', '/no/such/file', (pid) => ticksOf(pid) > 5],
    ['at work for many seconds', endless, (pid) => ticksOf(pid) > 100]
  ]
  for (const [name, path, isUnderWay] of tasks) {
    const pid = await orphan(t, { kind: 'avatar', source: path, limits: ENDLESS_LIMITS }, isUnderWay)
    t.ok(pid > 0, name)
    await eventually(`the decoder ended ${name}`, () => !isRunning(pid))
  }
})
