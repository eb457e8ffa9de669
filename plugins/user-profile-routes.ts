import type { FastifyInstance } from 'fastify'
import avatarById from '../routes/avatar-by-id.ts'
import { collectMethods } from '../routes/other-methods.ts'
import { createAuthenticate } from '../routes/own-account.ts'
import passwordChange from '../routes/password-change.ts'
import profileDelete from '../routes/profile-delete.ts'
import profileRead from '../routes/profile-read.ts'
import profileUpdate from '../routes/profile-update.ts'
import type { RouteOptions } from '../routes/route-options.ts'
import signIn from '../routes/sign-in.ts'
import signOutEverywhere from '../routes/sign-out-everywhere.ts'
import signUp from '../routes/sign-up.ts'
import tokenBlacklist from '../routes/token-blacklist.ts'
import tokenObtain from '../routes/token-obtain.ts'
import tokenRefresh from '../routes/token-refresh.ts'
import tokenVerify from '../routes/token-verify.ts'
import { addBodyParsers, ignoreBodies } from './body-parsers.ts'
import { type FormReaderOptions, openFormReader } from './form-reader.ts'
import { answerWithoutSlash } from './trailing-slash.ts'
import type { Identity } from './user-profile-identity.ts'

export interface Registration extends Identity {
  /** What routes work with, but for the hooks that are made here. */
  routes: Omit<RouteOptions, 'authenticate' | 'readForm'>
  signUpOpen: boolean
  avatarById: boolean
  uploads: FormReaderOptions
}

/** Registers the routes; those of accounts where accounts sign in here. */
export async function registerRoutes(
  api: FastifyInstance,
  { identify, accounts, routes, signUpOpen, avatarById: byId, uploads }: Registration
): Promise<void> {
  const authenticate = createAuthenticate(api, identify)
  const methods = collectMethods(api, authenticate)
  answerWithoutSlash(api)

  await api.register(async (scope) => {
    addBodyParsers(scope)
    const options = { ...routes, authenticate, readForm: await openFormReader(scope, uploads) }
    await scope.register(profileUpdate, options)
    if (!accounts) return
    for (const route of [
      passwordChange,
      signUp,
      signIn,
      tokenObtain,
      tokenRefresh,
      tokenVerify,
      tokenBlacklist
    ]) {
      await scope.register(route, { ...options, ...accounts, signUpOpen })
    }
  })
  await api.register(async (scope) => {
    ignoreBodies(scope)
    const options = { ...routes, authenticate }
    for (const route of [profileRead, profileDelete]) await scope.register(route, options)
    if (accounts) await scope.register(signOutEverywhere, { ...options, ...accounts })
    if (byId) await scope.register(avatarById, options)
    methods.refuseOthers(scope)
  })
}
