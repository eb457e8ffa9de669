import { accessClaims, DJANGO_HASH, mint, type TestApp, unique } from '../../helper.ts'

/** A user straight into the database, for whom nothing is hashed. */
export async function addUser(
  { app, sql }: TestApp,
  {
    flags = {},
    ...texts
  }: { flags?: Record<string, boolean>; username?: string; email?: string; firstName?: string } = {}
): Promise<number> {
  const username = texts.username ?? unique('user')
  const user = await app.stores.users.create({
    username,
    email: `${username}@example.com`,
    firstName: '',
    lastName: '',
    numberPhone: null,
    passwordHash: DJANGO_HASH,
    dateJoined: Date.now(),
    ...texts
  })
  for (const [column, value] of Object.entries(flags))
    sql(`update users set ${column} = ? where id = ?`, value ? 1 : 0, user.id)
  return user.id
}

/** An administrator with a token. */
export async function addAdministrator(
  service: TestApp,
  role: 'staff' | 'superuser'
): Promise<{ id: number; token: string }> {
  const id = await addUser(service, { flags: { [role === 'staff' ? 'is_staff' : 'is_superuser']: true } })
  return { id, token: mint(accessClaims(id)) }
}
