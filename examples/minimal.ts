import Fastify from 'fastify'
import userProfile from 'fastify-user-profile'
import auth from 'fastify-user-profile/auth'
import { openSqliteStores } from 'fastify-user-profile/stores/sqlite'

const { JWT_SECRET: jwtSecret = '', PORT = '3000' } = process.env
const stores = openSqliteStores({ path: './data/profile.db' })
const app = Fastify({ logger: true })
app.addHook('onClose', () => stores.close())

// /accounts/sign-up/, /accounts/profile/, /accounts/media/… and the rest.
await app.register(userProfile, { prefix: '/accounts', jwtSecret, stores, mediaRoot: './media' })

// The same tokens on routes of your own.
await app.register(auth, { jwtSecret, stores })
app.get('/hello', { onRequest: app.authenticate }, async ({ currentUser }) => {
  return { hello: currentUser?.username }
})

await app.listen({ port: Number(PORT) })
