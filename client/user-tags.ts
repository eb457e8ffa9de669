/** The tags of the states that users were answered in, whichever client asked. */
const tags = new WeakMap<object, string>()

/** The same user, whose state is remembered. */
export function tagged<User extends object>(user: User, { headers }: Response): User {
  // Some proxies that compress an answer make its tag a weak one, which no update may ask for. It names the same state.
  const tag = headers.get('etag')?.replace('W/', '')
  if (tag) tags.set(user, tag)
  return user
}

/** The condition of a read that is for what differs from a user; none where the state is not known. */
export const unlessKnown = (known?: object) => ({ 'if-none-match': known && tags.get(known) })

/**
 * The condition of an update that is good for one state of a user.
 * @throws {TypeError} where that is not known, because to leave out the condition could overwrite what somebody else wrote
 */
export function onlyIf(basedOn?: object) {
  const tag = basedOn && tags.get(basedOn)
  if (basedOn && !tag) throw new TypeError('basedOn: not a user of profile() or an update')
  return { 'if-match': tag }
}
