export type { UploadsOptions } from '../plugins/uploads.ts'
export { default } from '../plugins/uploads.ts'
