import { setPriority } from 'node:os'
import sharp from 'sharp'
import { type DecoderAnswer, type DecoderRequest, type DecoderTask, READY } from './decoder-messages.ts'
import { createFileBuffers } from './file-buffers.ts'
import { blockOtherLoaders } from './input-formats.ts'
import { InvalidPictureError } from './invalid-picture.ts'
import type { Picture } from './picture-format.ts'
import { type AvatarLimits, prepareAvatar } from './prepare-avatar.ts'
import { prepareSquare } from './prepare-square.ts'

/** The program of a decoder: reads strangers' pictures, one at a time, with nothing around it that is worth having. */

const buffers = createFileBuffers(1)

/** About a third of the processor beside a process that wants all of it. */
const NICENESS = 5

/** How often the time that a picture takes is looked at. */
const WATCH_MS = 50

blockOtherLoaders()
sharp.cache(false)
sharp.concurrency(1)
process.title = 'fastify-user-profile decoder'
giveWay()

// The service says when to end, or ends itself. A Ctrl-C, which every process of a terminal gets, is the service's.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
// The service is gone. To exit would first wait for what libvips is at, however long that takes.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', async ({ task, maxCpuMs }: DecoderRequest) => {
  const watch = watchTime(maxCpuMs, () => answer({ tooSlow: true }))
  const outcome = await work(task).then((picture) => ({ picture }), explain)
  clearInterval(watch)
  answer(outcome)
})
process.send?.(READY)

function answer(outcome: Omit<DecoderAnswer, 'memoryBytes'>): void {
  const message: DecoderAnswer = { ...outcome, memoryBytes: process.memoryUsage.rss() }
  process.send?.(message)
}

/** By the processor's time, not the clock's: that others use the processor is no fault of the picture. */
function watchTime(maxCpuMs: number, late: () => void): NodeJS.Timeout {
  const before = process.cpuUsage()
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before)
    if (user + system < maxCpuMs * 1000) return
    clearInterval(timer)
    late()
  }, WATCH_MS)
  return timer
}

async function work(task: DecoderTask): Promise<Picture> {
  if (task.kind === 'avatar') return prepare(task.source, task.limits)
  return { bytes: await prepareSquare(Buffer.from(task.bytes), task.side), format: 'webp' }
}

async function prepare(source: string | Uint8Array, limits: AvatarLimits): Promise<Picture> {
  if (typeof source !== 'string') return prepareAvatar(Buffer.from(source), limits)
  return buffers.read(source, (bytes) => prepareAvatar(bytes, limits))
}

function explain(error: unknown): Omit<DecoderAnswer, 'memoryBytes'> {
  if (!(error instanceof InvalidPictureError)) return { reason: String(error) }
  const { sentence: refusal, cause } = error
  return cause === undefined ? { refusal } : { refusal, reason: String(cause) }
}

/** Whoever waits for an answer without a picture goes first. */
function giveWay(): void {
  try {
    setPriority(NICENESS)
  } catch {
    // Not every system lets a process choose.
  }
}
