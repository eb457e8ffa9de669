import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { createPresenter } from '../routes/present-user.ts'
import { userResponses } from '../routes/schemas/profile-fields.ts'
import { createAvatarLookup } from '../src/avatars/avatar-lookup.ts'
import { createVariants } from '../src/avatars/variants.ts'
import { OptionError } from '../src/options/option-error.ts'
import { withUsualLimits } from '../src/rate-limits.ts'
import { createSignInThrottle, noThrottle } from '../src/users/sign-in-throttle.ts'
import { noProfileFields, type ProfileFields, readProfileFields } from '../src/validation/profile-fields.ts'
import docs from './docs/docs.ts'
import errorAnswers from './errors.ts'
import { openFormReader } from './forms/form-reader.ts'
import pages from './pages/pages.ts'
import { openAdministration } from './user-profile/administration.ts'
import { keepHouse } from './user-profile/housekeeping.ts'
import { openIdentity } from './user-profile/identity.ts'
import { registerInterface } from './user-profile/interface.ts'
import { callHooks } from './user-profile/lifecycle-hooks.ts'
import { openLimits } from './user-profile/limits.ts'
import { openStores } from './user-profile/open-stores.ts'
import { readOptions, type Settings, type UserProfileOptions } from './user-profile/options.ts'
import { createRateLimiters } from './user-profile/rate-limits.ts'
import { setSerialisation } from './user-profile/serialisation.ts'
import { createProfileServices, openDecoders } from './user-profile/services.ts'
import { prefixOf } from './user-profile/trailing-slash.ts'
import { setValidation } from './user-profile/validation.ts'

/**
 * Accounts, profiles and pictures: stores, authentication, uploads and routes, in a scope of their own. The app that it is
 * registered in gets routes, and nothing else.
 */
export default fp<UserProfileOptions>(
  async (app, options) => {
    const settings = readOptions(options, app.prefix)
    // Fastify applies a registration's log level to its requests; this is for what happens between them.
    const level: string | undefined = Reflect.get(options, 'logLevel')
    const log = level === undefined ? app.log : app.log.child({}, { level })
    refuseTakenPaths(app, settings)
    const fields = settings.profileFields ? readProfileFields(settings.profileFields) : noProfileFields

    const { clock, mediaUrl, libravatar } = settings
    const { users, sessions, identities, admin, audit, pictures, uploadFolder } = await openStores(
      app,
      settings
    )
    await app.register(errorAnswers, { notFound: false })
    setValidation(app)
    setSerialisation(app)
    keepHouse(app, {
      users,
      sessions,
      media: pictures,
      graceMs: settings.sweepGraceMs,
      hashEmails: libravatar,
      clock,
      log
    })
    const decoders = openDecoders(app, log, settings)
    // What URLs begin with as clients see them.
    const shownUrl = prefixOf(app) + mediaUrl
    const present = createPresenter(shownUrl, fields)
    const events = callHooks(settings, present.user, log)
    const { profiles } = createProfileServices({
      users,
      media: pictures,
      decoders,
      audit,
      events,
      settings,
      log
    })
    const { rateLimit: isLimited, redis } = settings
    const name = prefixOf(app) + settings.apiPrefix
    const limits = isLimited ? await openLimits(app, { redis, name, clock, log }) : undefined
    const throttle = limits ? createSignInThrottle(limits.attempts) : noThrottle
    const { limitRate, limitUser } = await createRateLimiters(
      limits,
      withUsualLimits(settings.rateLimits ?? {})
    )
    await registerInterface(app, {
      pictures: { media: pictures, mediaUrl, variants: createVariants({ media: pictures, decoders, log }) },
      lookups: {
        lookup: createAvatarLookup(users),
        paths: { mediaUrl: shownUrl, placeholderUrl: `${shownUrl}placeholders/` },
        limitRate
      },
      apiPrefix: settings.apiPrefix,
      openIdentity: (api) =>
        openIdentity(api, { users, sessions, identities, settings, throttle, events, log }),
      openForms: (scope, openParts) =>
        openFormReader(scope, openParts, {
          folder: uploadFolder,
          timeoutMs: settings.uploadTimeoutMs,
          clock,
          log
        }),
      routes: {
        limitUser,
        present,
        profiles,
        fields,
        responses: userResponses(fields),
        avatarMaxBytes: settings.avatarMaxBytes
      },
      admin: await openAdministration({
        users,
        admin,
        audit,
        media: pictures,
        profiles,
        events,
        show: present.user,
        settings,
        log
      }),
      // Else the prefix is that of a scope of the host's, or the whole app.
      answers404: settings.apiPrefix !== '' || Boolean(Reflect.get(options, 'prefix')),
      signUpOpen: settings.signUpOpen,
      refreshTtlSeconds: settings.refreshTtlSeconds,
      avatarById: settings.avatarById,
      libravatar
    })
    if (settings.docs) await app.register(docs, { describe: () => describe(settings, fields) })
    if (settings.pages && settings.jwtSecret !== undefined) {
      const { apiPrefix, signUpOpen, avatarMaxBytes, avatarMaxSide, admin } = settings
      await app.register(pages, {
        settings: { apiPrefix, signUpOpen, avatarMaxBytes, avatarMaxSide, admin },
        media: pictures,
        log
      })
    }
  },
  { name: 'fastify-user-profile', fastify: '5.x', encapsulate: true }
)

/** The document, whose tools are loaded for it. */
async function describe(settings: Settings, fields: ProfileFields): Promise<object> {
  const { describeApi } = await import('./openapi/describe-api.ts')
  return describeApi({ ...settings, hasAccounts: settings.jwtSecret !== undefined, fields })
}

/** @throws {OptionError} where the app serves something else under the path of the pictures */
function refuseTakenPaths(app: FastifyInstance, { mediaUrl }: Settings): void {
  const url = `${prefixOf(app)}${mediaUrl}*`
  if (app.hasRoute({ method: 'GET', url }))
    throw new OptionError('mediaUrl', `the app has a route ${url} already`)
}
