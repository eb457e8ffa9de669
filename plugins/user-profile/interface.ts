import type { FastifyInstance } from 'fastify'
import type { AdminRouteOptions } from '../../routes/admin/admin-options.ts'
import auditList from '../../routes/admin/audit-list.ts'
import importsList from '../../routes/admin/imports-list.ts'
import statusRead from '../../routes/admin/status-read.ts'
import userActs from '../../routes/admin/user-acts.ts'
import userDelete from '../../routes/admin/user-delete.ts'
import userRead from '../../routes/admin/user-read.ts'
import userUpdate from '../../routes/admin/user-update.ts'
import usersList from '../../routes/admin/users-list.ts'
import avatarByEmail from '../../routes/avatar-by-email.ts'
import avatarById from '../../routes/avatar-by-id.ts'
import { collectMethods } from '../../routes/other-methods.ts'
import { createAuthenticate } from '../../routes/own-account.ts'
import passwordChange from '../../routes/password-change.ts'
import profileDelete from '../../routes/profile-delete.ts'
import profileRead from '../../routes/profile-read.ts'
import profileUpdate from '../../routes/profile-update.ts'
import type { LookupOptions, RouteOptions } from '../../routes/route-options.ts'
import { createSessionCookie } from '../../routes/session-cookie.ts'
import sessionEnd from '../../routes/session-end.ts'
import sessionKeep from '../../routes/session-keep.ts'
import sessionResume from '../../routes/session-resume.ts'
import signIn from '../../routes/sign-in.ts'
import signOutEverywhere from '../../routes/sign-out-everywhere.ts'
import signUp from '../../routes/sign-up.ts'
import tokenBlacklist from '../../routes/token-blacklist.ts'
import tokenObtain from '../../routes/token-obtain.ts'
import tokenRefresh from '../../routes/token-refresh.ts'
import tokenVerify from '../../routes/token-verify.ts'
import { answerNotFound } from '../errors.ts'
import { addBodyParsers, ignoreBodies } from '../forms/body-parsers.ts'
import type { ReadForm } from '../forms/form-reader.ts'
import { type OpenParts, withOwnMultipart } from '../forms/multipart.ts'
import placeholders from '../pictures/placeholders.ts'
import serveMedia, { type ServeMediaOptions } from '../pictures/serve-media.ts'
import type { AdminServices } from './administration.ts'
import type { Identity } from './identity.ts'
import { answerWithoutSlash, prefixOf } from './trailing-slash.ts'

export interface Interface {
  pictures: ServeMediaOptions
  /** What redirects to pictures work with. */
  lookups: LookupOptions
  /** The path in front of every route but those of pictures. */
  apiPrefix: string
  /** Says who sends requests, for the scope of the routes. */
  openIdentity(scope: FastifyInstance): Promise<Identity>
  /** Makes what reads forms in a scope. */
  openForms(scope: FastifyInstance, openParts: OpenParts): Promise<ReadForm>
  /** What routes work with, but for the hooks that are made here. */
  routes: Omit<RouteOptions, 'authenticate' | keyof LookupOptions>
  /** What administrators' routes work with; undefined where there are none. */
  admin: AdminServices | undefined
  /** Whether all below the prefix of the routes is ours. */
  answers404: boolean
  signUpOpen: boolean
  refreshTtlSeconds: number
  avatarById: boolean
  libravatar: boolean
}

/** Registers everything that answers requests; the routes of accounts where accounts sign in here. */
export async function registerInterface(app: FastifyInstance, options: Interface): Promise<void> {
  const { pictures, lookups, apiPrefix, libravatar } = options
  await app.register(serveMedia, pictures)
  await app.register(placeholders, { urlPrefix: `${pictures.mediaUrl}placeholders/` })
  if (libravatar) await app.register(avatarByEmail, lookups)
  await app.register((api) => registerRoutes(api, options), { prefix: apiPrefix })
}

async function registerRoutes(
  api: FastifyInstance,
  {
    lookups,
    routes: others,
    openIdentity,
    openForms,
    admin,
    answers404,
    signUpOpen,
    refreshTtlSeconds,
    avatarById: byId
  }: Interface
): Promise<void> {
  if (answers404) answerNotFound(api)
  // Answers hold tokens and what is one user's alone (RFC 9111, 5.2.2.5); those that may be kept say so.
  api.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store')
    done()
  })
  const { identify, accounts } = await openIdentity(api)
  const routes = { ...lookups, ...others }
  const authenticate = createAuthenticate(api, identify)
  const methods = collectMethods(api, authenticate)
  answerWithoutSlash(api)
  const sessionCookie = createSessionCookie(`${prefixOf(api)}/session/`, refreshTtlSeconds)

  await withOwnMultipart(api, async (scope, openParts) => {
    addBodyParsers(scope)
    const options = { ...routes, authenticate, readForm: await openForms(scope, openParts) }
    await scope.register(profileUpdate, options)
    if (admin) await scope.register(userUpdate, { ...options, ...admin })
    if (!accounts) return
    for (const route of [
      passwordChange,
      signUp,
      signIn,
      tokenObtain,
      tokenRefresh,
      tokenVerify,
      tokenBlacklist,
      sessionKeep
    ]) {
      await scope.register(route, { ...options, ...accounts, signUpOpen, sessionCookie })
    }
  })
  await api.register(async (scope) => {
    ignoreBodies(scope)
    const options = { ...routes, authenticate }
    for (const route of [profileRead, profileDelete]) await scope.register(route, options)
    if (accounts) {
      await scope.register(signOutEverywhere, { ...options, ...accounts })
      for (const route of [sessionResume, sessionEnd])
        await scope.register(route, { ...options, ...accounts, sessionCookie })
    }
    if (admin) await registerAdministration(scope, { ...options, ...admin })
    if (byId) await scope.register(avatarById, options)
    methods.refuseOthers(scope)
  })
}

/** What administrators ask and do without a body. */
async function registerAdministration(scope: FastifyInstance, options: AdminRouteOptions): Promise<void> {
  for (const route of [usersList, userRead, userActs, userDelete, auditList, importsList, statusRead])
    await scope.register(route, options)
}
