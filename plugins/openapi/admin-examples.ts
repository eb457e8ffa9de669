import { errors } from '../../src/errors.ts'
import type { Examples } from './examples.ts'

const ADA = { id: 1, username: 'ada' }
const JOHN = { id: 42, username: 'john_doe_updated' }

/** What administrators are answered, by the name of its shape. @param user as answers show one */
export const adminSuccesses = (user: object): Examples['successes'] => ({
  UserPage: { results: [user], next: 'aWQ6MQ' },
  SessionList: {
    results: [
      {
        id: '0f8fad5b-d9cb-469f-a165-70867728950e',
        started_at: '2024-03-10T14:20:00Z',
        last_used_at: '2024-03-11T08:00:00Z',
        expires_at: '2024-03-25T08:00:00Z',
        ended_at: null
      }
    ]
  },
  AuditPage: {
    results: [
      {
        id: 7,
        at: '2024-03-11T09:30:00Z',
        actor: ADA,
        target: JOHN,
        action: 'update',
        address: '203.0.113.7',
        outcome: 'done',
        changes: { first_name: ['Jon', 'John'] }
      }
    ],
    next: null
  },
  ImportList: {
    results: [{ id: 1, at: '2024-01-15T10:30:00Z', summary: { imported: 1200 }, findings: [] }]
  },
  Status: {
    service: { version: '0.1.0', node: 'v24.1.0', started_at: '2024-03-11T00:00:00Z' },
    health: { database: 'ok', pictures: 'ok' },
    storage: {
      users: 1200,
      users_estimated: false,
      avatars: 800,
      sessions: 1500,
      acts: 7,
      database_bytes: 1_048_576,
      database_free_bytes: 53_687_091_200,
      media_free_bytes: 53_687_091_200
    }
  }
})

const NO_ADMINISTRATOR = { 403: { 'no administrator': errors.notAuthorized().body } }
const upon = (name: string, sentence: string) => ({
  403: { 'staff upon staff': errors.notAuthorized().body },
  400: { [name]: errors.ownAccount(sentence).body }
})
const CURSOR = { 400: { 'no cursor': { cursor: ['Invalid cursor.'] } } }

/** Refusals of what administrators do. */
export const ADMIN_REFUSALS: Examples['refusals'] = {
  listUsers: { ...NO_ADMINISTRATOR, ...CURSOR },
  listActs: { ...NO_ADMINISTRATOR, ...CURSOR },
  ...Object.fromEntries(
    ['getUser', 'listSessions', 'listImports', 'getStatus', 'grantStaff', 'activateUser', 'signOutUser'].map(
      (operationId) => [operationId, NO_ADMINISTRATOR]
    )
  ),
  removeUserAvatar: NO_ADMINISTRATOR,
  updateUser: NO_ADMINISTRATOR,
  deactivateUser: upon('oneself', 'Administrators can’t deactivate themselves.'),
  revokeStaff: upon('oneself', 'Administrators can’t take their own rights.'),
  deleteUser: upon('oneself', 'Administrators can’t delete themselves here.')
}
