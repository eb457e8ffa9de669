import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Test } from 'tap'
import { encodeForm, PASSWORD, SECRET, unique, withDatabase } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'

/** An app of somebody else's, closed when the test ends. */
export function hostApp(t: Test, options: FastifyServerOptions = {}): FastifyInstance {
  const app = Fastify({ logger: false, ...options })
  t.teardown(() => app.close())
  return app
}

/** What the bundle needs at least, in a folder of its own. */
export const ownFolder = (folder: string) => ({
  jwtSecret: SECRET,
  databasePath: join(folder, 'profile.db'),
  mediaRoot: join(folder, 'media'),
  rateLimit: false
})

export const picturesOf = (folder: string) => readdirSync(join(folder, 'media/avatars'))

export const rowsOf = (folder: string) =>
  withDatabase(join(folder, 'profile.db'), (database) =>
    database.prepare('select * from users order by id').all()
  ) as Record<string, unknown>[]

/** A client of the bundle's routes below a prefix. */
export function clientOf(app: FastifyInstance, prefix: string) {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  return {
    async signUp(username = unique('user')) {
      const payload = { username, email: `${username}@example.com`, password: PASSWORD }
      const response = await app.inject({ method: 'POST', url: `${prefix}/sign-up/`, payload })
      if (response.statusCode !== 201) throw new Error(`sign-up failed: ${response.body}`)
      const { user, access } = response.json()
      return { id: user.id as number, access: access as string, username }
    },
    profile: (token: string) =>
      app.inject({ method: 'GET', url: `${prefix}/profile/`, headers: bearer(token) }),
    update: (id: number, token: string, payload: object) =>
      app.inject({ method: 'PUT', url: `${prefix}/profile/${id}/update/`, headers: bearer(token), payload }),
    async upload(id: number, token: string, fields: [string, string][] = []) {
      const { body, type } = await encodeForm([...fields, ['avatar', { bytes: await jpeg() }]])
      return app.inject({
        method: 'PUT',
        url: `${prefix}/profile/${id}/update/`,
        headers: { ...bearer(token), 'content-type': type },
        payload: body
      })
    },
    remove: (id: number, token: string) =>
      app.inject({ method: 'DELETE', url: `${prefix}/profile/${id}/delete/`, headers: bearer(token) })
  }
}
