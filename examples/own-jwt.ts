import jwt from '@fastify/jwt'
import Fastify from 'fastify'
import userProfile from 'fastify-user-profile'
import { openSqliteStores } from 'fastify-user-profile/stores/sqlite'

const { HOST_SECRET: secret = '', PORT = '3000' } = process.env
const stores = openSqliteStores({ path: './data/profile.db' })
const app = Fastify({ logger: true })
app.addHook('onClose', () => stores.close())

// Your own tokens, however people come by them; here whoever asks gets one, and a profile with it.
await app.register(jwt, { secret })
app.post<{ Body: { username: string; email: string } }>('/join', async ({ body: { username, email } }) => {
  const blank = { firstName: '', lastName: '', numberPhone: null, passwordHash: '!' }
  const { id } = await stores.users.create({ username, email, ...blank, dateJoined: Date.now() })
  return { id, token: app.jwt.sign({ id }) }
})

// Profiles and pictures ask you who it is. There are no routes for signing in, tokens and passwords.
await app.register(userProfile, {
  prefix: '/accounts',
  stores,
  mediaRoot: './media',
  authenticate: async (request) => (await request.jwtVerify<{ id: number }>()).id
})

await app.listen({ port: Number(PORT) })
