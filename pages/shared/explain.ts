import { isProfileError } from '../../client/profile-error.ts'
import type { Messages } from './language/en.ts'
import { translate } from './language/server-sentences.ts'

/** What a failed call is to a person: a sentence for the whole, and sentences for each field. */
export interface Explained {
  sentence: string | undefined
  fields: Readonly<Record<string, readonly string[]>>
}

/** What becomes of an error that no code expected: it is shown as a failure, and told to the console. */
export function explain(error: unknown, messages: Messages): Explained {
  if (!isProfileError(error)) {
    reportError(error)
    return { sentence: messages.failed, fields: {} }
  }
  const { status, retryAfterSeconds } = error
  const fields = Object.fromEntries(
    Object.entries(error.fields).map(([name, sentences]) => [name, (sentences ?? []).map(translate)])
  )
  if (Object.keys(fields).length > 0) return { sentence: fields.non_field_errors?.join(' '), fields }
  return { sentence: sentenceFor(status, error.message, retryAfterSeconds, messages), fields }
}

function sentenceFor(
  status: number,
  sentence: string,
  retryAfterSeconds: number | undefined,
  messages: Messages
): string {
  if (status === 0) return messages.unreachable
  if (status === 429) return messages.throttled(retryAfterSeconds ?? 60)
  if (status === 503 || status === 507) return messages.unavailable
  return status >= 500 ? messages.failed : translate(sentence)
}
