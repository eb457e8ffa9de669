import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import {
  guessField,
  type NextUsers,
  SEARCH_FIELDS,
  searchFor,
  type UserQuery
} from '../../src/admin/user-search.ts'
import { identityKey } from '../../src/users/identity.ts'
import { parseUserId } from '../../src/users/user.ts'
import { listResponses, pageParameters } from '../schemas/admin.ts'
import { bearerOperation } from '../schemas/operation.ts'
import { type AdminRouteOptions, forAdministrators } from './admin-options.ts'
import { cursorOf, writeCursor } from './cursor.ts'
import { choiceOf, type Parse, type QueryReader, queryReader, readLimit, textOf } from './read-query.ts'

/** As long as any email could be (RFC 3696). */
const MAX_TEXT = 320

const UsersQuery = Type.Object({
  q: Type.Optional(
    Type.Unknown({
      documentedAs: Type.String({
        description: 'The beginning of a username or an email, or an id. Without it: all, newest first.',
        maxLength: MAX_TEXT,
        examples: ['john']
      })
    })
  ),
  by: Type.Optional(
    Type.Unknown({
      documentedAs: Type.Union(
        SEARCH_FIELDS.map((one) => Type.Literal(one)),
        { description: 'What `q` is. Where absent: digits are an id, what has an `@` an email.' }
      )
    })
  ),
  ...pageParameters
})

/** `GET /admin/users/?q=…&by=…`: everybody, or those whose name begins so; by pages. */
const usersList: FastifyPluginAsyncTypebox<AdminRouteOptions> = async (app, options) => {
  const { overview, present, responses } = options
  app.get('/admin/users/', {
    schema: bearerOperation(
      {
        operationId: 'listUsers',
        summary: 'Users, newest first, or by the beginning of a name',
        description:
          'Names are compared as those are that have to be unique: whatever their letter case or width. Every page takes the same time, however many users there are.',
        tags: ['Administration']
      },
      { querystring: UsersQuery, response: { 200: responses.page, ...listResponses } }
    ),
    onRequest: forAdministrators(options),
    handler: async ({ query }) => {
      const reader = queryReader(query)
      const limit = readLimit(reader)
      const wanted = readUserQuery(reader)
      reader.check()
      const { users, next } = await overview.findUsers(wanted, limit)
      return { results: users.map(present.user), next: next ? writeNext(next) : null }
    }
  })
}

export default usersList

function readUserQuery(reader: QueryReader): UserQuery {
  const q = reader.read('q', textOf(MAX_TEXT))
  const given = reader.read('by', choiceOf(SEARCH_FIELDS))
  if (q === undefined) return { by: 'newest', before: reader.read('cursor', cursorOf('id', parseUserId)) }
  const by = given ?? guessField(q)
  // What is found by its id has one page.
  if (by === 'id') reader.read('q', idText)
  const after = reader.read(
    'cursor',
    cursorOf('key', (key) => (by !== 'id' && key.startsWith(identityKey(q)) ? key : undefined))
  )
  return searchFor(q, by, after)
}

const idText: Parse<string> = (text) =>
  /^\d+$/.test(text) ? { value: text } : { refusal: 'A valid integer is required.' }

const writeNext = (next: NextUsers): string =>
  'after' in next ? writeCursor('key', next.after) : writeCursor('id', next.before)
