export type { DiskMediaStore, DiskOptions } from '../../src/stores/disk/disk-media-store.ts'
export {
  createDiskMediaStore,
  createDiskMediaStore as default
} from '../../src/stores/disk/disk-media-store.ts'
