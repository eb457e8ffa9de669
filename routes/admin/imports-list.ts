import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ImportList, overviewResponses } from '../schemas/admin.ts'
import { bearerOperation } from '../schemas/operation.ts'
import { type AdminRouteOptions, forAdministrators } from './admin-options.ts'

/** `GET /admin/imports/`: what came of the last imports from elsewhere. */
const importsList: FastifyPluginAsyncTypebox<AdminRouteOptions> = async (app, options) => {
  const { overview, present } = options
  app.get('/admin/imports/', {
    schema: bearerOperation(
      {
        operationId: 'listImports',
        summary: 'Imports from elsewhere, newest first',
        description: 'The last twenty, as their reports have them.',
        tags: ['Administration']
      },
      { response: { 200: ImportList, ...overviewResponses } }
    ),
    onRequest: forAdministrators(options),
    handler: async () => {
      const imports = await overview.imports()
      return {
        results: imports.map(({ id, at, summary, findings }) => ({
          id,
          at: present.time(at),
          summary,
          findings: [...findings]
        }))
      }
    }
  })
}

export default importsList
