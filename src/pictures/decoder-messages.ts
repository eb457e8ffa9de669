import type { Picture } from './picture-format.ts'
import type { AvatarLimits } from './prepare-avatar.ts'

/** What a decoder is asked to do; a source is a file's path, or its bytes. */
export type DecoderTask =
  | { kind: 'avatar'; source: string | Uint8Array; limits: AvatarLimits }
  | { kind: 'square'; bytes: Uint8Array; side: number }

/** A task, and the processor time that it may take, in milliseconds. */
export interface DecoderRequest {
  task: DecoderTask
  maxCpuMs: number
}

/** What came of it: a picture, a refusal, `tooSlow`, or a reason alone. */
export interface DecoderAnswer {
  picture?: Picture
  /** The picture's fault, in a sentence for its sender. */
  refusal?: string
  /** It takes longer than it may, and goes on: the process is of no more use. */
  tooSlow?: true
  /** Why, in words for the log: of a refusal, or of anything else. */
  reason?: string
  /** The process's memory after it, in bytes. */
  memoryBytes: number
}

/** A decoder says this once, when it has started. */
export const READY = 'ready'
