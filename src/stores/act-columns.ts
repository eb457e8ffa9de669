import type { Act, RecordedAct } from '../admin/audit-log.ts'
import { writeChanges } from './changes-text.ts'

interface People {
  actorId: Act['actor']['id']
  actorUsername: string
  targetId: Act['target']['id']
  targetUsername: string
}

/** What the columns of a new act hold. */
export const columnsOf = ({ at, actor, target, action, address, changes }: Act) => ({
  at,
  actorId: actor.id,
  actorUsername: actor.username,
  targetId: target.id,
  targetUsername: target.username,
  action,
  address,
  changes: writeChanges(changes)
})

/** An act by its row. */
export const actOf = ({
  actorId,
  actorUsername,
  targetId,
  targetUsername,
  ...rest
}: People & Omit<RecordedAct, 'actor' | 'target'>): RecordedAct => ({
  ...rest,
  actor: { id: actorId, username: actorUsername },
  target: { id: targetId, username: targetUsername }
})
