import { writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { findBreakingChanges } from '../../../scripts/openapi/breaking-changes.ts'

/** One operation, and the component that it answers. */
const operation = () => ({
  operation: {
    operationId: '',
    security: [{ bearerAuth: [] as string[] }],
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'integer' } as object },
      { name: 'size', in: 'query', required: false, schema: { type: 'integer', maximum: 512 } as object }
    ],
    requestBody: {
      required: false,
      content: {
        'application/json': { schema: sent() },
        'multipart/form-data': { schema: sent() }
      }
    } as Body,
    responses: {
      200: {
        description: 'Done.',
        headers: { ETag: { schema: { type: 'string' } } },
        content: { 'application/json': { schema: { $ref: '' } } }
      },
      404: { description: 'Nobody.', content: { 'application/json': { schema: { type: 'object' } } } }
    } as Record<string, Record<string, unknown>>
  },
  answer: {
    type: 'object',
    required: ['id', 'name'],
    properties: {
      id: { type: 'integer' },
      name: { type: 'string' },
      avatar: { type: ['string', 'null'] },
      tags: { type: 'array', items: { type: 'string' } },
      colour: { type: 'string', enum: ['red', 'green'] }
    } as Record<string, Schema>
  } as Answer
})

const sent = () => ({
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', maxLength: 200 },
    phone: { type: ['string', 'null'] },
    colour: { type: 'string', enum: ['red', 'green'] }
  } as Record<string, Schema>
})

type Schema = Record<string, unknown>
type Answer = Schema & { required: string[]; properties: Record<string, Schema> }
interface Body {
  required: boolean
  content: Record<string, { schema: ReturnType<typeof sent> }>
}
type Described = ReturnType<typeof operation>
/** Changes an operation; what it answers is there in its stead. */
type Edit = (described: Described, fields: Record<string, Schema>) => unknown

const form = 'multipart/form-data'

const breaking: Record<string, { edit: Edit; sentence: string }> = {
  'another name of the operation': {
    edit: ({ operation }) => Object.assign(operation, { operationId: 'other' }),
    sentence:
      "`operationId` of operation `POST /another-name-of-the-operation/{id}/` changed from 'operation0' to 'other'."
  },
  'a status is gone': {
    edit: ({ operation }) => delete operation.responses[404],
    sentence: 'Response `404` was removed.'
  },
  'a header of an answer is gone': {
    edit: ({ operation }) => delete operation.responses[200]?.headers,
    sentence: 'All headers of response `200` were removed.'
  },
  'a field of an answer is gone': {
    edit: ({ answer }) => delete answer.properties.tags,
    sentence: 'Property `tags` of `Answer3` was removed.'
  },
  'a field of an answer may be missing': {
    edit: ({ answer }) => answer.required.pop(),
    sentence: 'Properties of `Answer4` are no longer required: `name`.'
  },
  'a field of an answer may be null': {
    edit: ({ answer }) => Object.assign(answer.properties.name ?? {}, { type: ['string', 'null'] }),
    sentence: "Type of `name` widened from 'string' to 'string | null'."
  },
  'a field of an answer has another type': {
    edit: ({ answer }) => Object.assign(answer.properties.id ?? {}, { type: 'string' }),
    sentence: "Type of `id` widened from 'integer' to 'string'."
  },
  'items of an answer have another type': {
    edit: ({ answer }) => Object.assign(answer.properties.tags ?? {}, { items: { type: 'integer' } }),
    sentence: "Type widened from 'string' to 'integer'."
  },
  'an answer has a value more': {
    edit: ({ answer }) => Object.assign(answer.properties.colour ?? {}, { enum: ['red', 'green', 'blue'] }),
    sentence: "Enum of `colour` gained values: 'blue'."
  },
  'a token is asked for in another way': {
    edit: ({ operation }) => Object.assign(operation, { security: [{ otherAuth: [] }] }),
    sentence: 'Security requirement `bearerAuth` now requires `otherAuth`.'
  },
  'no token is asked for': {
    edit: ({ operation }) => Object.assign(operation, { security: [] }),
    sentence: 'A way to authenticate is gone.'
  },
  'a parameter is required': {
    edit: ({ operation }) => Object.assign(operation.parameters[1] ?? {}, { required: true }),
    sentence: '`size` query parameter became required.'
  },
  'a new parameter is required': {
    edit: ({ operation }) =>
      operation.parameters.push({ name: 'x', in: 'query', required: true, schema: { type: 'string' } }),
    sentence: 'Required `x` query parameter was added.'
  },
  'a parameter is gone': {
    edit: ({ operation }) => operation.parameters.pop(),
    sentence: '`size` query parameter was removed.'
  },
  'a parameter takes less': {
    edit: ({ operation }) => Object.assign(operation.parameters[1]?.schema ?? {}, { maximum: 256 }),
    sentence: "Upper bound changed from '<= 512' to '<= 256'."
  },
  'a body is required': {
    edit: ({ operation }) => Object.assign(operation.requestBody, { required: true }),
    sentence: 'Request body became required.'
  },
  'a type of body is not taken': {
    edit: ({ operation }) => delete operation.requestBody.content[form],
    sentence: 'Media type `multipart/form-data` was removed.'
  },
  'a field is not taken': {
    edit: (_, fields) => delete fields.phone,
    sentence: 'A field is not taken any more: what is sent of it is lost.'
  },
  'a field is required': {
    edit: ({ operation }) => operation.requestBody.content[form]?.schema.required.push('phone'),
    sentence: 'Properties became required: `phone`.'
  },
  'a new field is required': {
    edit: ({ operation }, fields) => {
      fields.x = { type: 'string' }
      operation.requestBody.content[form]?.schema.required.push('x')
    },
    sentence: 'Properties became required: `x`.'
  },
  'a field may not be null': {
    edit: (_, fields) => Object.assign(fields.phone ?? {}, { type: 'string' }),
    sentence: "Type of `phone` narrowed from 'string | null' to 'string'."
  },
  'a field has another type': {
    edit: (_, fields) => Object.assign(fields.name ?? {}, { type: 'integer' }),
    sentence: "Type of `name` narrowed from 'string' to 'integer'."
  },
  'a field may be no longer than less': {
    edit: (_, fields) => Object.assign(fields.name ?? {}, { maxLength: 100 }),
    sentence: "`maxLength` of `name` changed from '200' to '100'."
  },
  'a field has to have a pattern': {
    edit: (_, fields) => Object.assign(fields.name ?? {}, { pattern: '^a' }),
    sentence: "`pattern` of `name` was set to '^a'."
  },
  'a field has to have a format': {
    edit: (_, fields) => Object.assign(fields.name ?? {}, { format: 'email' }),
    sentence: "`format` of `name` was set to 'email'."
  },
  'a field takes a value less': {
    edit: (_, fields) => Object.assign(fields.colour ?? {}, { enum: ['red'] }),
    sentence: "Enum of `colour` lost values: 'green'."
  }
}

const harmless: Record<string, Edit> = {
  'another description': ({ operation }) => Object.assign(operation, { description: 'New.' }),
  'a new status': ({ operation }) => Object.assign(operation.responses, { 410: { description: 'Gone.' } }),
  'a new field in answers': ({ answer }) => {
    answer.properties.x = { type: 'string' }
    answer.required.push('x')
  },
  'a field of answers that is there always': ({ answer }) => answer.required.push('avatar'),
  'a field of answers that is never null': ({ answer }) =>
    Object.assign(answer.properties.avatar ?? {}, { type: 'string' }),
  'a new field that may be sent': (_, fields) => Object.assign(fields, { x: { type: 'string' } }),
  'a field need not be sent': ({ operation }) => operation.requestBody.content[form]?.schema.required.pop(),
  'a field may be longer': (_, fields) => Object.assign(fields.name ?? {}, { maxLength: 300 }),
  'a field may be null': (_, fields) => Object.assign(fields.name ?? {}, { type: ['string', 'null'] }),
  'a field takes a value more': (_, fields) =>
    Object.assign(fields.colour ?? {}, { enum: ['red', 'green', 'blue'] }),
  'a new parameter that may be sent': ({ operation }) =>
    operation.parameters.push({ name: 'x', in: 'query', required: false, schema: { type: 'string' } }),
  'a schema that is written out': ({ operation, answer }) =>
    Object.assign(operation.responses[200]?.content ?? {}, { 'application/json': { schema: answer } })
}

const unchanged: Edit = () => {}

/** A document with an operation for each edit, below the edit's name, made by all of them. */
function documentOf(edits: Record<string, Edit>, extra: object = {}) {
  const entries = Object.entries(edits).map(([name, edit], index) => {
    const described = operation()
    described.operation.operationId = `operation${index}`
    described.operation.responses[200] = {
      ...described.operation.responses[200],
      content: { 'application/json': { schema: { $ref: `#/components/schemas/Answer${index}` } } }
    }
    edit(described, described.operation.requestBody.content[form]?.schema.properties ?? {})
    return { path: pathOf(name), index, ...described }
  })
  return {
    openapi: '3.1.0',
    info: { title: 'x', version: '1.0.0' },
    paths: {
      ...Object.fromEntries(entries.map(({ path, operation }) => [path, { post: operation }])),
      ...extra
    },
    components: {
      securitySchemes: {
        bearerAuth: { type: 'http', scheme: 'bearer' },
        otherAuth: { type: 'http', scheme: 'basic' }
      },
      schemas: Object.fromEntries(entries.map(({ index, answer }) => [`Answer${index}`, answer]))
    }
  }
}

const pathOf = (name: string) => `/${name.replaceAll(' ', '-')}/{id}/`

function changesBetween(t: Test, before: object, after: object): string[] {
  const folder = t.testdir()
  const paths = Object.entries({ before, after }).map(([name, document]) => {
    writeFileSync(`${folder}/${name}.json`, JSON.stringify(document))
    return `${folder}/${name}.json`
  })
  return findBreakingChanges(paths[0] ?? '', paths[1] ?? '')
}

/** The same operations, as they were before any edit. */
const before = (edits: Record<string, unknown>) =>
  Object.fromEntries(Object.keys(edits).map((name) => [name, unchanged]))

t.test('each change that breaks clients is found, at its operation', async (t) => {
  const edits = Object.fromEntries(Object.entries(breaking).map(([name, { edit }]) => [name, edit]))
  const found = changesBetween(t, documentOf(before(edits)), documentOf(edits))
  t.strictSame(
    found.map((line) => line.replace(/ \(#.*/, '')).sort(),
    Object.entries(breaking)
      .map(([name, { sentence }]) => `POST ${pathOf(name)}: ${sentence}`)
      .sort()
  )
})

t.test('changes that clients need not know of are no matter', async (t) => {
  t.strictSame(changesBetween(t, documentOf(before(harmless)), documentOf(harmless)), [])
})

t.test('what is gone or has another name as a whole is found', async (t) => {
  const answers = { responses: { 200: { description: 'Done.' } } }
  const one = { kept: unchanged }
  const older = documentOf(one, {
    '/gone/': { get: { operationId: 'gone', ...answers } },
    '/both/': { get: { operationId: 'getBoth', ...answers }, put: { operationId: 'putBoth', ...answers } },
    '/bare/': { post: { operationId: 'bare', ...answers } },
    '/users/{id}/': {
      get: {
        operationId: 'named',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        ...answers
      }
    }
  })
  const newer = documentOf(one, {
    '/both/': { get: { operationId: 'getBoth', ...answers } },
    '/bare/': {
      post: {
        operationId: 'bare',
        requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
        ...answers
      }
    },
    '/users/{name}/': {
      get: {
        operationId: 'named',
        parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
        ...answers
      }
    }
  })
  const found = changesBetween(t, older, newer)
  t.strictSame(found.sort(), [
    '/gone/: Path `/gone/` was removed. (#/paths/~1gone~1)',
    'GET /users/{name}/: A parameter has another name, by which the client’s types call it. (#/paths/~1users~1{name}~1/get/parameters/0)',
    'POST /bare/: A body became required. (#/paths/~1bare~1/post/requestBody)',
    'PUT /both/: Operation `PUT /both/` was removed. (#/paths/~1both~1/put)'
  ])
})

t.test('a file that is no document is no unchanged one', async (t) => {
  const folder = t.testdir({ 'document.json': '{}' })
  t.throws(() => findBreakingChanges(`${folder}/document.json`, `${folder}/none.json`), {
    message: /no comparison of a form that is known/
  })
  t.end()
})
