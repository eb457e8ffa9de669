import type { Page } from 'playwright-core'
import { PASSWORD, withDatabase } from '../../helper.ts'
import { signInAt } from '../../service.ts'

/** Somebody with an account, and tokens of another device of theirs. */
export interface Person {
  id: number
  username: string
  email: string
  access: string
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** Makes an account without a browser. */
export async function makePerson(origin: string, username: string, fields: object = {}): Promise<Person> {
  const account = { username, email: `${username}@example.com`, password: PASSWORD, ...fields }
  const answer = await fetch(`${origin}/api/sign-up/`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify(account)
  })
  if (answer.status !== 201) throw new Error(await answer.text())
  const { user, access } = (await answer.json()) as { user: Omit<Person, 'access'>; access: string }
  return { ...user, access }
}

/** Calls the interface as another device does that somebody is signed in on. */
export async function callAs(
  origin: string,
  { access }: Person,
  method: string,
  path: string,
  body?: object
): Promise<unknown> {
  const answer = await fetch(`${origin}/api/${path}`, {
    method,
    headers: { authorization: `Bearer ${access}`, ...(body && JSON_TYPE) },
    ...(body && { body: JSON.stringify(body) })
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return answer.status === 204 ? undefined : answer.json()
}

/** Whether a password is the account's. */
export const isPassword = async (origin: string, { email }: Person, password: string): Promise<boolean> =>
  (await signInAt(origin, email, password)).status === 200

type Row = Record<string, unknown>

/** Somebody's row as it is kept; undefined where there is none. */
export const rowOf = (folder: string, { id }: { id: number }): Row | undefined =>
  withDatabase(`${folder}/data/profile.db`, (database) =>
    database.prepare<unknown[], Row>('select * from users where id = ?').get(id)
  )

/** How many of somebody's sessions go on. */
export const sessionsOf = (folder: string, { id }: { id: number }): number =>
  withDatabase(`${folder}/data/profile.db`, (database) =>
    Number(
      database.prepare('select count(*) from sessions where user_id = ? and ended_at is null').pluck().get(id)
    )
  )

/** Writes into the database behind the service's back. */
export const writeSql = (folder: string, statement: string, ...values: unknown[]): void =>
  withDatabase(`${folder}/data/profile.db`, (database) => void database.prepare(statement).run(...values))

export async function signInOn(page: Page, identifier: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Email or username').fill(identifier)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The page's title where somebody is signed in: their name. */
export const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })

/** A section by its name, such as `Profile`. */
export const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

export const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })

/** What a field has. */
export const typed = (page: Page, label: string): Promise<string> =>
  page.getByLabel(label, { exact: true }).inputValue()
