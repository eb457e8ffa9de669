import createSerializerSelector from '@fastify/fast-json-stringify-compiler'
import type { FastifyInstance } from 'fastify'

/**
 * Compiles each response schema of this scope once, as Fastify would for each route and status that has it: most of them
 * are the same few refusals.
 */
export function setSerialisation(app: FastifyInstance): void {
  const compile = createSerializerSelector()({}, {})
  const compiled = new Map<unknown, ReturnType<typeof compile>>()
  app.setSerializerCompiler((route) => {
    const known = compiled.get(route.schema)
    if (known) return known
    const serializer = compile({ ...route, httpStatus: route.httpStatus ?? '' })
    compiled.set(route.schema, serializer)
    return serializer
  })
}
