import { Type } from '@sinclair/typebox'
import { ACTIONS, type Action, type FieldChanges, type Outcome } from '../../src/admin/audit-log.ts'
import type { Health } from '../../src/admin/service-status.ts'
import { bearerResponses, Detail, Invalid, updateResponses } from './responses.ts'

const OUTCOMES: readonly Outcome[] = ['begun', 'done', 'refused']
const HEALTH: readonly Health[] = ['ok', 'away']

/** In UTC to the second. A keyword of its own, because the serialiser would judge a `format`. */
const TIME = { type: 'string', documentedFormat: 'date-time', examples: ['2024-01-15T10:30:00Z'] }
const Time = (options: object = {}) => Type.Unsafe<string>({ ...TIME, ...options })
const NullableTime = (options: object) => Type.Unsafe<string | null>({ ...TIME, nullable: true, ...options })
const NullableInteger = (options: object) =>
  Type.Unsafe<number | null>({ type: 'integer', nullable: true, minimum: 0, ...options })
const OneOf = <Word extends string>(words: readonly Word[], options: object = {}) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], ...options })

/** Where the next page of a list goes on. */
export const Next = Type.Unsafe<string | null>({
  type: 'string',
  nullable: true,
  description: 'The `cursor` of the next page; null where there is none.'
})

/** How many results a page of a list has, at most and where nothing is said. */
export const PAGE_LENGTH = { maximum: 100, default: 50 } as const

/** Of every list that has pages. They are judged where they are read. */
export const pageParameters = {
  cursor: Type.Optional(
    Type.Unknown({
      documentedAs: Type.String({
        description: 'The `next` of the page before, with the same other parameters.'
      })
    })
  ),
  limit: Type.Optional(
    Type.Unknown({
      documentedAs: Type.Integer({ description: 'Results a page.', minimum: 1, ...PAGE_LENGTH })
    })
  )
}

const Person = Type.Object(
  { id: Type.Integer({ minimum: 1 }), username: Type.String({ description: 'At the time.' }) },
  { description: 'Somebody, who may be gone by now.' }
)

const Changes = Type.Unsafe<FieldChanges | null>({
  documentedAs: Type.Union([
    Type.Record(
      Type.String(),
      Type.Array(Type.Unknown(), { minItems: 2, maxItems: 2, description: 'The old value and the new one.' })
    ),
    Type.Null()
  ])
})

const AuditedAct = Type.Object({
  id: Type.Integer({ description: 'Ascending in time.', minimum: 1 }),
  at: Time(),
  actor: Person,
  target: Person,
  action: OneOf<Action>(ACTIONS),
  address: Type.String({ description: 'The client’s.', examples: ['203.0.113.7'] }),
  outcome: OneOf(OUTCOMES),
  changes: Changes
})

export const AuditPage = Type.Object({ results: Type.Array(AuditedAct), next: Next })

const Session = Type.Object({
  id: Type.String(),
  started_at: NullableTime({ description: 'Null for sessions that began before this was kept.' }),
  last_used_at: NullableTime({ description: 'When tokens were last refreshed; null for never.' }),
  expires_at: Time({ description: 'When the last of its tokens expires.' }),
  ended_at: NullableTime({ description: 'When it was ended; null where it was not.' })
})

export const SessionList = Type.Object({ results: Type.Array(Session) })

const Report = Type.Unsafe<Readonly<Record<string, unknown>>>({
  documentedAs: Type.Record(Type.String(), Type.Unknown())
})

const Import = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  at: Time({ description: 'When it ended.' }),
  summary: Report,
  findings: Type.Array(Report, { description: 'The first of each kind.' })
})

export const ImportList = Type.Object({ results: Type.Array(Import) })

export const StatusResponse = Type.Object({
  service: Type.Object({
    version: Type.String(),
    node: Type.String({ description: 'Node’s version.', examples: ['v24.1.0'] }),
    started_at: Time({ description: 'Of the node that answers.' })
  }),
  health: Type.Object({ database: OneOf(HEALTH), pictures: OneOf(HEALTH) }),
  storage: Type.Object({
    users: NullableInteger({}),
    users_estimated: Type.Boolean({ description: 'Whether `users` is an estimate.' }),
    avatars: NullableInteger({ description: 'Users with a picture.' }),
    sessions: NullableInteger({}),
    acts: NullableInteger({ description: 'In the audit log.' }),
    database_bytes: NullableInteger({ description: 'What the rows take, with indexes and logs.' }),
    database_free_bytes: NullableInteger({ description: 'Room left on the disk of the database.' }),
    media_free_bytes: NullableInteger({ description: 'Room left on the disk of the pictures.' })
  })
})

/** Of what administrators look at. */
export const overviewResponses = { ...bearerResponses, 429: Detail }
/** Of lists that take parameters. */
export const listResponses = { ...overviewResponses, 400: Invalid }
/** Of what is one user's. */
export const targetResponses = { ...overviewResponses, 404: Detail }
/** Of acts that are without a body. */
export const actResponses = targetResponses
/** Of those that nobody does to themselves. */
export const ownActResponses = { ...targetResponses, 400: Invalid }
/** Of those with one. */
export const changeResponses = updateResponses
