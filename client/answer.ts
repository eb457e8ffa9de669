import { errorOf } from './profile-error.ts'

/** What a call brought back: `data` of a success, `error` of a refusal. */
export interface Answer<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** What was answered. @throws {ProfileError} of a refusal */
export function take<Data>({ data, error, response }: Answer<Data>): Data {
  if (!response.ok) throw errorOf(response, error)
  return data as Data
}
