import { downloadZip } from 'client-zip'
import type { User } from '../../shared/client.ts'
import { baseUrl } from '../../shared/settings.ts'
import { profileFile } from './profile-file.ts'

/** What pictures are called by what they are served as. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif'
}

export interface Archive {
  zip: Blob
  /** The picture could not be fetched; a text in its place says so. */
  isPictureMissing: boolean
}

/**
 * The profile and the picture as they are.
 * @param missingText what the file says that is there in place of a picture
 */
export async function makeArchive(user: User, missingText: (url: string) => string): Promise<Archive> {
  const files: { name: string; input: Blob | string }[] = [{ name: 'profile.json', input: profileFile(user) }]
  const url = user.avatar && new URL(user.avatar, `${baseUrl}/`).href
  const picture = url && (await fetchPicture(url))
  if (picture) files.push({ name: `avatar.${EXTENSIONS[picture.type] ?? extensionOf(url)}`, input: picture })
  else if (url) files.push({ name: 'avatar-missing.txt', input: missingText(url) })
  const zip = await downloadZip(files.map((file) => ({ ...file, lastModified: new Date() }))).blob()
  return { zip, isPictureMissing: url !== null && !picture }
}

/** Undefined where it can't be had: it is gone, its store is away, or forbids what other pages fetch. */
async function fetchPicture(url: string): Promise<Blob | undefined> {
  try {
    const answer = await fetch(url)
    return answer.ok ? await answer.blob() : undefined
  } catch {
    return undefined
  }
}

const extensionOf = (url: string) => /\.(\w{1,8})$/.exec(new URL(url).pathname)?.[1] ?? 'bin'
