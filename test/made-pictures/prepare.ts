import { type AvatarLimits, prepareAvatar } from '../../src/pictures/prepare-avatar.ts'

export const LIMITS: AvatarLimits = {
  maxPixels: 50_000_000,
  maxFrames: 1000,
  maxAnimationPixels: 25_000_000,
  maxSide: 512
}

export const prepare = (bytes: Buffer, over: Partial<AvatarLimits> = {}) =>
  prepareAvatar(bytes, { ...LIMITS, ...over })
