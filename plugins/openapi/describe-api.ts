import Fastify, {
  type FastifyInstance,
  type FastifySchema,
  type onRequestHookHandler,
  type RouteOptions
} from 'fastify'
import type { About } from '../../routes/schemas/operation.ts'
import { type UserResponses, userResponses } from '../../routes/schemas/profile-fields.ts'
import { type RateLimitKind, withUsualLimits } from '../../src/rate-limits.ts'
import { registerInterface } from '../user-profile/interface.ts'
import type { ApiDescription, OpenApiDocument } from './api-description.ts'
import { nameComponents } from './components.ts'
import { describeOperations } from './describe-operations.ts'
import { introduction, tagsOf } from './introduction.ts'
import { plainSchema } from './plain-schema.ts'
import { requestBodies } from './request-bodies.ts'
import { userTagSchema } from './user-tags.ts'

/**
 * Describes the interface in OpenAPI 3.1, from the schemas that its routes have. The routes are registered once more, in an
 * app that never serves, so that the one that does has no part in it. Paths are below the document's own folder.
 */
export async function describeApi(description: ApiDescription): Promise<OpenApiDocument> {
  const { default: swagger } = await import('@fastify/swagger')
  // Made once: the names go by the schemas themselves.
  const responses = userResponses(description.fields)
  const { names, schemas } = nameComponents(responses)
  const app = Fastify({ logger: false, exposeHeadRoutes: false })
  // Nothing is validated or answered here.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => () => '')
  for (const [name, schema] of Object.entries(schemas)) app.addSchema({ $id: name, ...schema })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: await introduction(description),
      tags: tagsOf(description),
      components: {
        securitySchemes: {
          bearerAuth: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'An access token, of a sign-in or a refresh.'
          }
        }
      }
    },
    refResolver: { buildLocalReference: ({ $id }) => String($id) },
    transform: ({ schema, url, route }) => ({ schema: documented(schema, route, names, description), url })
  })
  await registerDescribed(app, description, responses)
  await app.ready()
  const document: OpenApiDocument = { ...app.swagger() }
  await app.close()
  return describeOperations(document, description)
}

/** What the bundle registers, over services that nobody calls. */
function registerDescribed(
  app: FastifyInstance,
  { mediaUrl, hasAccounts, admin, fields, avatarMaxBytes, ...settings }: ApiDescription,
  responses: UserResponses
): Promise<void> {
  const nobody = {} as never
  return registerInterface(app, {
    ...settings,
    pictures: { media: nobody, mediaUrl, variants: nobody },
    lookups: { lookup: nobody, paths: nobody, limitRate: showKind },
    openIdentity: async () => ({ identify: nobody, ...(hasAccounts && { accounts: nobody }) }),
    openForms: async () => () => async () => {},
    admin: admin ? nobody : undefined,
    answers404: false,
    // What the cookie lives for is no part of the description.
    refreshTtlSeconds: 0,
    routes: {
      limitUser: () => async () => {},
      present: nobody,
      profiles: nobody,
      fields,
      responses,
      avatarMaxBytes
    }
  })
}

type Described = FastifySchema &
  Pick<Partial<About>, 'operationId' | 'description' | 'userTag'> & { needsToken?: boolean }

/** A route's schema as the document has it; hidden where it has no name, such as of methods that are refused. */
function documented(
  schema: Described | undefined,
  { onRequest }: RouteOptions,
  names: ReadonlyMap<object, string>,
  settings: ApiDescription
): FastifySchema {
  if (schema?.operationId === undefined) return { hide: true } as FastifySchema
  const { needsToken, userTag, body, response, params, querystring, headers, description, ...about } = schema
  const limit = settings.rateLimit
    ? describeLimit([onRequest].flat().map(kindOf).find(Boolean), settings)
    : ''
  const described = [description, limit].filter(Boolean).join(' ')
  return {
    ...about,
    ...userTagSchema(userTag),
    ...(described !== '' && { description: described }),
    security: needsToken ? [{ bearerAuth: [] }] : [],
    ...(isSchema(params) && { params: plainSchema(params, names) }),
    ...(isSchema(querystring) && { querystring: plainSchema(querystring, names) }),
    ...(isSchema(headers) && { headers: plainSchema(headers, names) }),
    ...(isSchema(body) && { body: requestBodies({ ...body }, names, settings) }),
    ...(isSchema(response) && {
      response: Object.fromEntries(
        Object.entries(response).map(([status, one]) => [status, plainSchema(one as object, names)])
      )
    })
  } as FastifySchema
}

const isSchema = (value: unknown): value is object => typeof value === 'object' && value !== null

const KIND = Symbol('kind of requests')

/** In place of a limit: whose it is. */
const showKind = (kind: RateLimitKind): onRequestHookHandler =>
  Object.assign(async () => {}, { [KIND]: kind })

const kindOf = (hook: unknown): RateLimitKind | undefined =>
  typeof hook === 'function' ? Reflect.get(hook, KIND) : undefined

function describeLimit(kind: RateLimitKind | undefined, { rateLimits = {} }: ApiDescription): string {
  if (!kind) return ''
  const { address, user } = withUsualLimits(rateLimits)[kind]
  const ofUser = user === undefined ? '' : `, ${user} of one user`
  return `At most ${address} requests of this kind a minute from one address${ofUser}.`
}
