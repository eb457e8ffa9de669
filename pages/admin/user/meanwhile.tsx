import { Notice } from '../../shared/components/notice.tsx'
import type { TextField, User } from '../api/user.ts'
import { useFormats } from '../formats/formats.ts'
import { useAdminMessages } from '../language/messages.ts'
import type { Cause } from './meanwhile-cause.ts'

interface MeanwhileProps {
  user: User
  cause: Cause
  /** Changed here too, and differently. */
  fields: readonly TextField[]
}

/** Says that somebody else was faster: who, and what they changed. Nothing has been saved. */
export function Meanwhile({ user, cause: { act, fields: changed }, fields }: MeanwhileProps) {
  const messages = useAdminMessages()
  const formats = useFormats()
  const names = changed.map((field) => messages.fields[field]).join(', ')
  return (
    <Notice kind="error">
      {act
        ? messages.changedBy(act.actor.username, formats.time(act.at), names)
        : messages.changedMeanwhile(user.username, names)}{' '}
      {fields.length > 0 ? messages.compareAndSave : messages.saveAgain}
    </Notice>
  )
}
