import type { Picture } from './picture-format.ts'
import type { AvatarLimits } from './prepare-avatar.ts'

/** What a decoder is asked to do. */
export type DecoderTask =
  | { kind: 'avatar'; path: string; limits: AvatarLimits }
  | { kind: 'square'; bytes: Uint8Array; side: number }

/** What came of it: one of the first three. */
export interface DecoderAnswer {
  picture?: Picture
  /** The picture's fault, in a sentence for its sender. */
  refusal?: string
  /** Anything else, in words for the log. */
  failure?: string
  /** The process's memory after it, in bytes. */
  memoryBytes: number
}

/** A decoder says this once, when it has started. */
export const READY = 'ready'
