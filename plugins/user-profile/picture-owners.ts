import type { FastifyInstance } from 'fastify'
import type { MediaStore } from '../../src/avatars/media-store.ts'
import { OptionError } from '../../src/options/option-error.ts'

/** Whose pictures are where, on the server that all registrations of an app share. */
const OWNERS = Symbol('owners of pictures')

/**
 * Remembers whose the pictures of a store are. Pictures that no user refers to are swept away, so two sets of users can't keep
 * theirs in one place.
 * @param owner the store of users, or the path of its database
 * @throws {OptionError} where they are others' already
 */
export function claimPictures(
  { server }: FastifyInstance,
  pictures: MediaStore,
  owner: object | string
): void {
  const owners: Map<unknown, object | string> = Reflect.get(server, OWNERS) ?? new Map()
  Reflect.set(server, OWNERS, owners)
  const place = pictures.folder ?? pictures
  if ((owners.get(place) ?? owner) !== owner)
    throw new OptionError(
      pictures.folder === undefined ? 'media' : 'mediaRoot',
      'another registration keeps the pictures of other users there; each would take away the other’s'
    )
  owners.set(place, owner)
}
