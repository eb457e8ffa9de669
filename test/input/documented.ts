import type { ValidateFunction } from 'ajv/dist/2020.js'
import type { LightMyRequestResponse } from 'fastify'
import { committed, operationsOf, validatorFor } from '../plugins/openapi/document.ts'

/** Says what of an answer is not as its operation's part of openapi.json has it; undefined where all is. */
export type FindContradiction = (
  operationId: string,
  answer: Pick<LightMyRequestResponse, 'statusCode' | 'headers' | 'body'>
) => string | undefined

/** For tests with thousands of answers: each schema is compiled once. */
export function contradictionFinder(): FindContradiction {
  const document = committed()
  const compile = validatorFor(document)
  const operations = new Map(
    operationsOf(document).map(({ operation }) => [operation.operationId, operation.responses])
  )
  const compiled = new Map<string, ValidateFunction>()
  return (operationId, { statusCode, headers, body }) => {
    const schema = operations.get(operationId)?.[statusCode]?.content?.['application/json']?.schema
    if (!schema) return `${operationId} answered ${statusCode}: ${body.slice(0, 300)}`
    if (headers['content-type'] !== 'application/json; charset=utf-8')
      return `${operationId} answered ${statusCode} as ${headers['content-type']}`
    const key = `${operationId} ${statusCode}`
    const validate = compiled.get(key) ?? compile(schema)
    compiled.set(key, validate)
    if (validate(JSON.parse(body))) return undefined
    return `${key}: ${JSON.stringify(validate.errors)} of ${body.slice(0, 300)}`
  }
}
