import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { LightMyRequestResponse } from 'fastify'

type Json = Record<string, unknown>

interface Media {
  schema: Json
  examples?: Record<string, { value: unknown }>
}

export interface Answer extends Json {
  description: string
  headers?: Record<string, { required?: boolean }>
  content?: Record<string, Media>
}

export interface Operation extends Json {
  operationId: string
  summary: string
  tags: string[]
  security: object[]
  parameters?: (Json & { name: string; in: string; description?: string })[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  responses: Record<string, Answer>
}

export interface Document extends Json {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json> }
}

/** The document that the repository holds. */
export const committed = (): Document =>
  JSON.parse(readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8'))

/** The operations of a document, with where each is. */
export function operationsOf(document: Document): { where: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      where: `${method.toUpperCase()} ${path}`,
      operation
    }))
  )
}

/** Compiles the schemas of a document's parts, which refer to its components. */
export function validatorFor(document: Document): (schema: object) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addFormat('binary', true)
  ajv.addSchema({ $id: 'document', components: document.components })
  const within = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(within)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, key === '$ref' ? `document${one}` : within(one)])
    )
  }
  return (schema) => ajv.compile(within(schema) as object)
}

/** What of an answer is not as its operation's part of the document says. */
export function contradictions(
  document: Document,
  operationId: string,
  response: LightMyRequestResponse
): string[] {
  const found = operationsOf(document).find(({ operation }) => operation.operationId === operationId)
  const answer = found?.operation.responses[response.statusCode]
  if (!answer) return [`${operationId}: no ${response.statusCode}`]
  const missing = Object.entries(answer.headers ?? {})
    .filter(([name, { required }]) => required && response.headers[name.toLowerCase()] === undefined)
    .map(([name]) => `no header ${name}`)
  const type = String(response.headers['content-type'] ?? '').split(';')[0] ?? ''
  if (!answer.content) return response.body === '' ? missing : [...missing, 'a body that is not described']
  const media = answer.content[type]
  if (!media) return [...missing, `a body of type ${type}`]
  if (type !== 'application/json') return missing
  const validate = validatorFor(document)(media.schema)
  const isValid = validate(response.json())
  return isValid ? missing : [...missing, JSON.stringify(validate.errors)]
}
