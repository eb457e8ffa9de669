import type { components } from '../../../client/openapi.ts'

export type User = components['schemas']['User']

/** The texts of a user that can be edited. */
export const TEXTS = ['username', 'email', 'first_name', 'last_name', 'number_phone'] as const

export type TextField = (typeof TEXTS)[number]

export type Texts = Pick<User, TextField>
