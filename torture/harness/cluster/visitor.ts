import { PASSWORD } from '../../../test/helper.ts'
import { noise } from '../../../test/pictures.ts'
import { type TimedAnswer, timedAsk } from '../timed-ask.ts'
import { formWith } from '../uploads.ts'

/** Somebody with an account and a picture, who asks nodes one by one how they are. */
export interface Visitor {
  id: number
  rename(origin: string): Promise<TimedAnswer>
  upload(origin: string): Promise<TimedAnswer>
  /** Of the picture that was answered last. */
  look(origin: string): Promise<TimedAnswer>
}

const WITHIN_MS = 30_000

/** @throws where signing up or the first upload fails */
export async function createVisitor(origin: string): Promise<Visitor> {
  const json = { username: 'visitor', email: 'visitor@example.com', password: PASSWORD }
  const signUp = await timedAsk(`${origin}/api/sign-up/`, { json }, WITHIN_MS)
  if (signUp.status !== 201)
    throw new Error(`the visitor’s sign-up was answered ${signUp.status} ${signUp.body}`)
  const { user, access: token } = JSON.parse(String(signUp.body))
  const form = formWith(await (await noise(200, 200)).png().toBuffer())({})
  const path = `/api/profile/${user.id}/update/`
  let serial = 0
  let avatar = ''
  const visitor: Visitor = {
    id: user.id,
    rename: (at) =>
      timedAsk(at + path, { method: 'PATCH', token, json: { first_name: `visit ${serial++}` } }, WITHIN_MS),
    async upload(at) {
      const answer = await timedAsk(at + path, { method: 'PATCH', token, form }, WITHIN_MS)
      if (answer.status === 200) avatar = JSON.parse(String(answer.body)).avatar
      return answer
    },
    look: (at) => timedAsk(at + avatar, {}, WITHIN_MS)
  }
  const { status, body } = await visitor.upload(origin)
  if (status !== 200) throw new Error(`the visitor’s upload was answered ${status} ${body}`)
  return visitor
}
