export type { AvatarPipeline, AvatarPipelineOptions } from '../src/pictures/avatar-pipeline.ts'
export { createAvatarPipeline, createAvatarPipeline as default } from '../src/pictures/avatar-pipeline.ts'
export { InvalidPictureError } from '../src/pictures/invalid-picture.ts'
export type { Picture, PictureFormat } from '../src/pictures/picture-format.ts'
