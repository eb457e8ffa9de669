import { openAsBlob } from 'node:fs'
import type { User } from '../../../client/create-client.ts'
import { runSql } from '../../test-database.ts'
import type { OpenedPages } from './open-pages.ts'

export const PASSWORD = 'Correct-Horse-7'

export interface SignedIn {
  user: User
  access: string
  refresh: string
}

/** What is asked of the service, of which the answer has to be a success. */
export async function ask<Answer>(
  { service }: Pick<OpenedPages, 'service'>,
  method: string,
  path: string,
  { body, access }: { body?: unknown; access?: string } = {}
): Promise<Answer> {
  const response = await fetch(`${service.origin}/api/${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(access !== undefined && { authorization: `Bearer ${access}` })
    },
    ...(body !== undefined && { body: JSON.stringify(body) })
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (response.status === 204 ? undefined : await response.json()) as Answer
}

export const signUp = (pages: OpenedPages, username: string, more: object = {}): Promise<SignedIn> =>
  ask(pages, 'POST', 'sign-up/', {
    body: { username, email: `${username}@example.com`, password: PASSWORD, ...more }
  })

export const signInAs = (pages: OpenedPages, username: string): Promise<SignedIn> =>
  ask(pages, 'POST', 'sign-in/', { body: { username, password: PASSWORD } })

/** Runs SQL in the service's database behind its back. */
export const rows = ({ folder }: OpenedPages, text: string, ...values: unknown[]) =>
  runSql({ kind: 'sqlite', path: `${folder}/data/profile.db` }, text, ...values)

/** Writes many users at once, who have no password: `user-1` and so on. @param joined epoch milliseconds of the first */
export function insertUsers(pages: OpenedPages, count: number, joined: number): void {
  rows(
    pages,
    `insert into users (username, username_key, email, email_key, password, date_joined)
     with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
     select 'user-' || i, 'user-' || i, 'user-' || i || '@example.com', 'user-' || i || '@example.com', '!', ? + i * 1000
     from n`,
    count,
    joined
  )
}

/** Gives somebody a picture. @param path of the file */
export async function givePicture(
  pages: OpenedPages,
  { user, access }: SignedIn,
  path: string
): Promise<void> {
  const form = new FormData()
  form.append('avatar', await openAsBlob(path), 'portrait.jpg')
  const response = await fetch(`${pages.service.origin}/api/profile/${user.id}/update/`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${access}` },
    body: form
  })
  if (!response.ok) throw new Error(`the picture: ${response.status} ${await response.text()}`)
}

/** What the audit log has of acts upon somebody, as `action outcome` and what changed, the first ones first. */
export const actsUpon = (pages: OpenedPages, id: number): unknown[] =>
  rows(pages, 'select action, outcome, changes from audit_log where target_id = ? order by id', id).map(
    ({ action, outcome, changes }) => [
      `${action} ${outcome}`,
      typeof changes === 'string' ? JSON.parse(changes) : changes
    ]
  )
