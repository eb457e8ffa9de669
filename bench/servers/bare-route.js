// The update as a few lines of Fastify, as its documentation writes them: a token, a schema, an answer, and nothing
// stored. No outer bound of ours, but the framework's pace on this machine.
import fastifyJwt from '@fastify/jwt'
import Fastify from 'fastify'

const text = { type: 'string', maxLength: 200 }
const nullableText = { type: 'string', nullable: true }
const user = {
  id: 1,
  username: 'alice',
  email: 'alice@example.com',
  first_name: 'Alice',
  last_name: 'Wonderland',
  number_phone: null,
  avatar: null,
  date_joined: '2024-01-15T10:30:00Z',
  last_login: null,
  is_active: true,
  is_staff: false,
  is_superuser: false
}

const app = Fastify({ logger: process.env.LOG_LEVEL === 'silent' ? false : { level: process.env.LOG_LEVEL } })
app.register(fastifyJwt, { secret: process.env.JWT_SECRET })
app.put('/api/profile/:id/update/', {
  schema: {
    params: { type: 'object', properties: { id: { type: 'integer' } } },
    body: {
      type: 'object',
      properties: { first_name: text, last_name: text, number_phone: { type: 'string', maxLength: 10 } }
    },
    response: {
      200: {
        type: 'object',
        properties: {
          id: { type: 'integer' },
          username: text,
          email: text,
          first_name: text,
          last_name: text,
          number_phone: nullableText,
          avatar: nullableText,
          date_joined: text,
          last_login: nullableText,
          is_active: { type: 'boolean' },
          is_staff: { type: 'boolean' },
          is_superuser: { type: 'boolean' }
        }
      }
    }
  },
  onRequest: async (request) => {
    await request.jwtVerify()
  },
  handler: async (request) => ({ ...user, id: request.params.id, ...request.body })
})
await app.listen({ port: Number(process.env.PORT) })
