import type { TObject } from '@sinclair/typebox'
import { Ajv } from 'ajv'
import type { FastifyInstance } from 'fastify'
import { createBodyCompiler } from '../../src/validation/body-validator.ts'

/** Makes the routes of this scope judge their schemas in Django REST Framework's words. */
export function setValidation(app: FastifyInstance): void {
  const compileBody = createBodyCompiler()
  const ajv = new Ajv({ strict: false, validateSchema: false })
  app.setValidatorCompiler<TObject>(({ schema, httpPart }) =>
    httpPart === 'body' ? compileBody(schema) : ajv.compile(schema)
  )
}
