import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { ServiceStatus } from '../../src/admin/service-status.ts'
import { overviewResponses, StatusResponse } from '../schemas/admin.ts'
import { bearerOperation } from '../schemas/operation.ts'
import { type AdminRouteOptions, forAdministrators } from './admin-options.ts'

/** `GET /admin/status/`: how the service is, and how much there is in it. */
const statusRead: FastifyPluginAsyncTypebox<AdminRouteOptions> = async (app, options) => {
  const { overview, present, service } = options
  app.get('/admin/status/', {
    schema: bearerOperation(
      {
        operationId: 'getStatus',
        summary: 'How the service is, and how much there is in it',
        description:
          'Figures are of the last minute. What can’t be known, or would take too long to count, is null; so is everything of a store that is away.',
        tags: ['Administration']
      },
      { response: { 200: StatusResponse, ...overviewResponses } }
    ),
    onRequest: forAdministrators(options),
    handler: async () => {
      const { health, storage } = await overview.status()
      return {
        service: {
          version: service.version,
          node: service.node,
          started_at: present.time(service.startedAt)
        },
        health,
        storage: presentStorage(storage)
      }
    }
  })
}

export default statusRead

const presentStorage = (storage: ServiceStatus['storage']) => ({
  users: storage?.users ?? null,
  users_estimated: storage?.usersEstimated ?? false,
  avatars: storage?.avatars ?? null,
  sessions: storage?.sessions ?? null,
  acts: storage?.acts ?? null,
  database_bytes: storage?.databaseBytes ?? null,
  database_free_bytes: storage?.databaseFreeBytes ?? null,
  media_free_bytes: storage?.mediaFreeBytes ?? null
})
