import { errorOf } from '../../../client/profile-error.ts'

/** What was answered. @throws ProfileError of a refusal */
export function take<Data>({
  data,
  error,
  response
}: {
  data?: Data
  error?: unknown
  response: Response
}): Data {
  if (!response.ok) throw errorOf(response, error)
  return data as Data
}
