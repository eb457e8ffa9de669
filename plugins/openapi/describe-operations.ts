import type { ApiDescription, OpenApiDocument } from './api-description.ts'
import { completeResponses, type Response } from './complete-responses.ts'
import { type Examples, examplesFor } from './examples.ts'
import { pictureResponses, placeholderResponses } from './picture-responses.ts'
import { usedComponents } from './used-components.ts'
import { describeUserTag } from './user-tags.ts'

type Json = Record<string, unknown>

interface Parameter extends Json {
  name: string
  in: string
}

interface Operation extends Json {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Json & { schema: Json }>; required?: boolean }
  responses: Record<string, Response>
}

/** Completes what was made of the schemas with what schemas don't say: examples, headers, and answers that are files. */
export function describeOperations(document: OpenApiDocument, description: ApiDescription): OpenApiDocument {
  const examples = examplesFor(description)
  const paths: Json = {}
  for (const [path, methods] of Object.entries(document.paths as Record<string, Record<string, Operation>>)) {
    for (const operation of Object.values(methods)) {
      if (description.hasAccounts && ALWAYS_THEIRS.includes(operation.operationId))
        delete operation.responses[403]
      complete(operation, examples)
    }
    paths[path.replace('{*}', '{path}')] = inOrder(methods)
  }
  const { openapi, info, components, ...rest } = document
  // Relative, so that it holds under any prefix and behind any proxy.
  return {
    openapi,
    info,
    servers: [{ url: '.' }],
    components: usedComponents(components, paths),
    ...rest,
    paths
  }
}

const VERBS = ['get', 'post', 'put', 'patch', 'delete']

/** Methods of a path in the usual order, however its routes were registered. */
const inOrder = (methods: Record<string, Operation>): Json =>
  Object.fromEntries(
    Object.entries(methods).toSorted(([one], [other]) => VERBS.indexOf(one) - VERBS.indexOf(other))
  )

/** Refused only to somebody who signed in elsewhere. */
const ALWAYS_THEIRS = ['getProfile', 'postProfile']

function complete(operation: Operation, examples: Examples): void {
  const { operationId, requestBody } = operation
  if (operationId === 'getPicture') {
    operation.parameters = [PATH]
    operation.responses = pictureResponses()
  } else if (operationId === 'getPlaceholder') {
    operation.parameters = [NAME]
    operation.responses = placeholderResponses()
  }
  if (requestBody) requestBody.required = asksForFields(requestBody.content)
  const example = examples.requests[operationId]
  const json = requestBody?.content['application/json']
  if (example && json) json.examples = { example: { value: example } }
  describeUserTag(operation)
  completeResponses(operationId, operation.responses, examples)
}

/** Where nothing has to be there, neither has the body. */
const asksForFields = (content: Record<string, { schema: Json }>): boolean =>
  Object.values(content).some(({ schema }) => Array.isArray(schema.required) && schema.required.length > 0)

const PATH: Parameter = {
  name: 'path',
  in: 'path',
  required: true,
  description: 'What the `avatar` of a user has after the path of pictures; slashes are slashes.',
  schema: { type: 'string' },
  example: 'avatars/3f9c0a5be17d4c02b1f0c7d95a6e8d21.jpg'
}

const NAME: Parameter = {
  name: 'name',
  in: 'path',
  required: true,
  description: 'One or two initials or none, a hyphen, and the number of a colour, 0 to 11.',
  schema: { type: 'string', pattern: '^[^-]{0,4}-\\d{1,2}\\.svg$' },
  example: 'JD-3.svg'
}
