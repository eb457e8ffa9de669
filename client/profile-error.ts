/** The fields that the interface has sentences for. */
export type FieldName =
  | 'username'
  | 'email'
  | 'first_name'
  | 'last_name'
  | 'number_phone'
  | 'avatar'
  | 'password'
  | 'current_password'
  | 'new_password'
  | 'non_field_errors'

/** What is wrong with each field, in sentences for the user. */
export type FieldSentences<Field extends string = FieldName> = {
  readonly [Name in Field]?: readonly string[]
}

/** What the service refused, or why it could not be reached. */
export class ProfileError<Field extends string = FieldName> extends Error {
  /** Of HTTP; 0 where there was no answer: then `cause` says why. */
  declare readonly status: number
  /** Such as `token_not_valid`, where the answer has one. */
  declare readonly code: string | undefined
  /** Empty where no field is to blame. */
  declare readonly fields: FieldSentences<Field>
  /** After how many seconds another try may succeed, where the service says so. */
  declare readonly retryAfterSeconds: number | undefined

  constructor(
    message: string,
    about: Partial<Pick<ProfileError<Field>, 'status' | 'code' | 'fields' | 'retryAfterSeconds' | 'cause'>>
  ) {
    super(message)
    Object.assign(this, { name: 'ProfileError', status: 0, fields: {} }, about)
  }
}

/** Also of an error that another copy of this package threw. */
export const isProfileError = <Field extends string = FieldName>(
  error: unknown
): error is ProfileError<Field> => error instanceof Error && error.name === 'ProfileError'

/** The error of an answer that is no success. @param body what it holds: JSON, or the text of a proxy's page */
export function errorOf({ status, headers }: Response, body: unknown): ProfileError {
  const { detail, error, code, ...rest } = Object(typeof body === 'string' ? undefined : body)
  const sentences = Object.entries(rest).filter(([, value]) => Array.isArray(value)) as [string, string[]][]
  return new ProfileError(detail ?? error ?? sentences[0]?.[1][0] ?? `HTTP ${status}`, {
    status,
    code,
    fields: Object.fromEntries(sentences),
    retryAfterSeconds: Number(headers.get('retry-after')) || undefined
  })
}
