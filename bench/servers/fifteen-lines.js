// What one writes first: Fastify, @fastify/jwt, better-sqlite3, and a commit for each request. SYNCHRONOUS is FULL or
// NORMAL; the table is the service's.
import fastifyJwt from '@fastify/jwt'
import Database from 'better-sqlite3'
import Fastify from 'fastify'

const database = new Database('profile.db')
database.pragma('journal_mode = WAL')
database.pragma(`synchronous = ${process.env.SYNCHRONOUS}`)
const update = database.prepare(`UPDATE users SET first_name = @first_name, last_name = @last_name,
  number_phone = @number_phone WHERE id = @id RETURNING id, username, email, first_name, last_name, number_phone`)
const app = Fastify()
app.register(fastifyJwt, { secret: process.env.JWT_SECRET })
app.put('/api/profile/:id/update/', async (request) => {
  const { user_id: id } = await request.jwtVerify()
  return update.get({ id, ...request.body })
})
await app.listen({ port: Number(process.env.PORT) })
