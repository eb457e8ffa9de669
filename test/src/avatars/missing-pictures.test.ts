import t, { type Test } from 'tap'
import type { MediaKey, MediaStore } from '../../../src/avatars/media-store.ts'
import { type AvatarRow, checkPictures } from '../../../src/avatars/missing-pictures.ts'
import { createDiskMediaStore } from '../../../src/stores/disk/disk-media-store.ts'
import { openSqliteStores } from '../../../src/stores/sqlite/open-sqlite.ts'
import type { User } from '../../../src/users/user.ts'
import type { UserStore } from '../../../src/users/user-store.ts'
import { newUser } from '../../contracts/user-store.ts'

async function open(t: Test) {
  const folder = t.testdir({})
  const { users, close } = openSqliteStores({ path: `${folder}/profile.db` })
  t.teardown(close)
  return { users, media: await createDiskMediaStore({ folder: `${folder}/avatars` }) }
}

const keep = (media: MediaStore) => media.put({ bytes: Buffer.from('a picture'), format: 'png' })

async function userWith(users: UserStore, avatar: MediaKey): Promise<User> {
  const { id } = await users.create(newUser('ada'))
  const updated = await users.update(id, { avatar })
  if (!updated) throw new Error('the user is gone')
  return updated.user
}

async function all(stores: { users: UserStore; media: MediaStore }): Promise<AvatarRow[]> {
  const rows: AvatarRow[] = []
  for await (const row of checkPictures(stores)) rows.push(row)
  return rows
}

t.test('a picture that is replaced while it is looked for is not missing', async (t) => {
  const { users, media } = await open(t)
  const [first, second] = [await keep(media), await keep(media)]
  const { id } = await userWith(users, first)
  const has = async (key: MediaKey) => {
    await users.update(id, { avatar: second })
    await media.delete(first)
    return media.has(key)
  }
  t.strictSame(await all({ users, media: { ...media, has } }), [{ id, avatar: first, missing: false }])
  t.strictSame(await all({ users, media }), [{ id, avatar: second, missing: false }])
})

t.test('a user who is deleted while the picture is looked for lacks nothing', async (t) => {
  const { users, media } = await open(t)
  const { id, avatar } = await userWith(users, await keep(media))
  const has = async (key: MediaKey) => {
    await users.delete(id)
    await media.delete(key)
    return media.has(key)
  }
  t.strictSame(await all({ users, media: { ...media, has } }), [{ id, avatar, missing: false }])
})

t.test('users of many pages are each looked at once, and those without an avatar not at all', async (t) => {
  const { users, media } = await open(t)
  const picture = await keep(media)
  const created = await Promise.all(
    Array.from({ length: 1201 }, (_, index) => users.create(newUser(`user${index}`)))
  )
  const gone = 'gone.png' as MediaKey
  const withAvatar = created.filter((_, index) => index % 6 !== 0)
  await Promise.all(withAvatar.map(({ id }) => users.update(id, { avatar: id % 2 === 0 ? picture : gone })))
  t.strictSame(
    await all({ users, media }),
    withAvatar.map(({ id }) =>
      id % 2 === 0 ? { id, avatar: picture, missing: false } : { id, avatar: gone, missing: true }
    )
  )
})

t.test('a store that can’t be reached is an error, not a missing picture', async (t) => {
  const { users, media } = await open(t)
  await userWith(users, await keep(media))
  const has = async () => {
    throw new Error('away')
  }
  await t.rejects(all({ users, media: { ...media, has } }), { message: 'away' })
})
