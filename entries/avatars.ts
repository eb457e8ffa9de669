export type { Avatars } from '../src/avatars/avatars.ts'
export { createAvatars, createAvatars as default } from '../src/avatars/avatars.ts'
export { createDecoders } from '../src/pictures/decoders.ts'
