import type { paths } from '../../../client/openapi.ts'
import { client } from '../../shared/client.ts'
import { take } from './answers.ts'
import type { Texts, User } from './user.ts'

type Ok<Operation> = Operation extends { responses: { 200: { content: { 'application/json': infer Body } } } }
  ? Body
  : never
type Answered<Path extends keyof paths> = Ok<paths[Path]['get']>

export type Session = Answered<'/admin/users/{id}/sessions/'>['results'][number]
export type Act = Answered<'/admin/audit/'>['results'][number]
export type Import = Answered<'/admin/imports/'>['results'][number]
export type Status = Answered<'/admin/status/'>

/** A user as they were at a time: the tag says which. */
export interface Version {
  user: User
  tag: string | undefined
}

const PAGE = 25

const of = (id: number) => ({ params: { path: { id } } })

export const listUsers = async (
  { q, by, cursor }: { q: string; by: '' | 'username' | 'email' | 'id'; cursor: string | undefined },
  signal?: AbortSignal
) => {
  const query = { limit: PAGE, ...(q && { q, ...(by && { by }) }), ...(cursor && { cursor }) }
  return take(await client.api.GET('/admin/users/', { params: { query }, signal: signal ?? null }))
}

const versionOf = (answer: { data?: User; error?: unknown; response: Response }): Version => ({
  user: take(answer),
  tag: answer.response.headers.get('etag') ?? undefined
})

export const getUser = async (id: number, signal?: AbortSignal): Promise<Version> =>
  versionOf(await client.api.GET('/admin/users/{id}/', { ...of(id), signal: signal ?? null }))

/** @throws ProfileError with status 412 where it is another version by now */
export const updateUser = async ({ user, tag }: Version, changes: Partial<Texts>): Promise<Version> =>
  versionOf(
    await client.api.PATCH('/admin/users/{id}/', {
      ...of(user.id),
      body: changes,
      ...(tag && { headers: { 'if-match': tag } })
    })
  )

export const listSessions = async (id: number, signal?: AbortSignal) =>
  take(await client.api.GET('/admin/users/{id}/sessions/', { ...of(id), signal: signal ?? null })).results

/** What is done to a user without saying more. */
export type Deed = 'activate' | 'deactivate' | 'sign-out' | 'grant-staff' | 'revoke-staff'

export const doTo = async (id: number, deed: Deed): Promise<Version> =>
  versionOf(await client.api.POST(`/admin/users/{id}/${deed}/`, of(id)))

export const removeAvatar = async (id: number): Promise<Version> =>
  versionOf(await client.api.DELETE('/admin/users/{id}/avatar/', of(id)))

export const deleteUser = async (id: number): Promise<void> => {
  take(await client.api.DELETE('/admin/users/{id}/', of(id)))
}

export const listActs = async (
  { user, cursor, limit = PAGE }: { user?: number | undefined; cursor?: string | undefined; limit?: number },
  signal?: AbortSignal
) => {
  const query = { limit, ...(user && { user }), ...(cursor && { cursor }) }
  return take(await client.api.GET('/admin/audit/', { params: { query }, signal: signal ?? null }))
}

export const listImports = async (signal?: AbortSignal) =>
  take(await client.api.GET('/admin/imports/', { signal: signal ?? null })).results

export const getStatus = async (signal?: AbortSignal) =>
  take(await client.api.GET('/admin/status/', { signal: signal ?? null }))
