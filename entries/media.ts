export type { MediaOptions } from '../plugins/media.ts'
export { default } from '../plugins/media.ts'
