export type { S3Credentials, S3Delivery, S3Options } from '../../src/store-settings.ts'
export type { S3MediaStore } from '../../src/stores/s3/s3-media-store.ts'
export { createS3MediaStore, createS3MediaStore as default } from '../../src/stores/s3/s3-media-store.ts'
