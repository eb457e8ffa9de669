/** Few, since each sign-up hashes a password on the one core that the server has. */
const AT_ONCE = 4

/** Makes users 0 to `count` - 1, a few at a time. @returns them in that order */
export async function makeUsers<User>(
  count: number,
  make: (index: number) => Promise<User>
): Promise<User[]> {
  const users = new Array<User>(count)
  let next = 0
  const maker = async () => {
    while (next < count) {
      const index = next++
      users[index] = await make(index)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, maker))
  return users
}

/** @throws with the answer where it is not 2xx */
export async function postJson(
  url: string,
  body: object,
  headers: Record<string, string> = {}
): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body)
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return response
}
