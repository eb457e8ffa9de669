import { isProfileError } from '../../../../client/profile-error.ts'
import { explain } from '../../../shared/explain.ts'
import type { Messages } from '../../../shared/language/en.ts'
import type { AvatarMessages } from '../language/en.ts'

/** Why a picture was not saved or removed, in a sentence: the service's own, or what can be done about it. */
export function explainUpload(error: unknown, messages: Messages & AvatarMessages): string {
  const { sentence, fields } = explain(error, {
    ...messages,
    unreachable: messages.uploadUnreachable,
    unavailable: messages.uploadUnavailable,
    failed: messages.uploadFailed
  })
  const sentences = Object.values(fields).flat()
  // A proxy in front of the service says it without a sentence.
  if (isProfileError(error) && error.status === 413 && sentences.length === 0) return messages.uploadTooLarge
  return [sentence, ...sentences].filter(Boolean).join(' ') || messages.uploadFailed
}
