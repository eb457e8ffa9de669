import type { MediaKey } from '../avatars/media-store.ts'

export type PictureOutcome = 'copied' | 'present' | 'not found' | 'not a file' | 'outside of the folder'

/** Gets pictures from Django's media folder into ours. Throws as `MediaStore` does. */
export interface PictureTaker {
  /**
   * Looks for the file of a path and takes a copy of it under its key; one that is there already counts as new.
   * @param path as `mediaKeyFromPath` takes it
   */
  take(path: string, key: MediaKey): Promise<PictureOutcome>

  /** Once this resolves, what was taken survives a power cut. */
  sync(): Promise<void>
}
