type Json = Record<string, unknown>

/** What our validators and serialisers read, and nobody else. */
const PRIVATE = new Set([
  'trim',
  'normalise',
  'noNul',
  'wellFormed',
  'uploadedFile',
  'notEmptyFile',
  'extraField',
  'maxBytes',
  'documentedAs',
  'documentedFormat',
  'nullable',
  // What they ask for is in the description of the body.
  'if',
  'then'
])

/** Of a name as Django has it: ours say so by a format of their own. */
const USERNAME_PATTERN = '^[\\p{L}\\p{N}_.@+-]+$'

/**
 * A route's schema as JSON Schema 2020-12, which is what OpenAPI 3.1 takes.
 * @param names of those schemas that are components; they become references
 */
export function plainSchema(schema: object, names: ReadonlyMap<object, string>): Json {
  const name = names.get(schema)
  return name === undefined ? definition(schema, names) : { $ref: `${name}#` }
}

/** The same, of a component itself. */
export function definition(schema: object, names: ReadonlyMap<object, string>): Json {
  const source: Json = { ...schema }
  if (isObject(source.documentedAs)) return plainSchema(source.documentedAs, names)
  const plain: Json = {}
  for (const [keyword, value] of Object.entries(source))
    if (!PRIVATE.has(keyword)) plain[keyword] = plainValue(keyword, value, names)
  if (source.minLength === 0) delete plain.minLength
  if (source.nullable === true) plain.type = [source.type, 'null']
  if (source.documentedFormat !== undefined) plain.format = source.documentedFormat
  if (source.format === 'username') {
    delete plain.format
    plain.pattern = USERNAME_PATTERN
  }
  return plain
}

/** Keywords whose values are schemas by name. */
const MAPS = new Set(['properties', 'patternProperties'])

function plainValue(keyword: string, value: unknown, names: ReadonlyMap<object, string>): unknown {
  if (keyword === 'default' || keyword === 'examples' || keyword === 'enum' || keyword === 'const')
    return value
  if (MAPS.has(keyword) && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, isObject(one) ? plainSchema(one, names) : one])
    )
  if (Array.isArray(value)) return value.map((one) => (isObject(one) ? plainSchema(one, names) : one))
  return isObject(value) ? plainSchema(value, names) : value
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
