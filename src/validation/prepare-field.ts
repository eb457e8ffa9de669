import { type TSchema, Type } from '@sinclair/typebox'

/** What a field takes, as far as texts of forms are read for it. */
export type FieldKind = 'string' | 'integer' | 'number' | 'boolean' | 'choice' | 'json'

/** Bytes of a field's value as JSON, at most. */
const MAX_FIELD_BYTES = 65_536

/**
 * Prepares a host's schema of one profile field for the body's compiler: choices and null become one plain schema, so that
 * each mistake has one sentence; every text in it is without U+0000 and lone surrogates, as our own are; and the value as a
 * whole has a bound.
 * @throws {TypeError} of a schema that refers to others
 */
export function prepareField(schema: TSchema): TSchema {
  // Without TypeBox's own marks, which are symbols.
  const prepared = Object.fromEntries(Object.entries(prepare(schema)))
  return Type.Unsafe({ ...prepared, extraField: kindOf(prepared), maxBytes: MAX_FIELD_BYTES })
}

type Plain = Record<string, unknown>

function prepare(schema: Plain): Plain {
  if ('$ref' in schema || '$id' in schema) throw new TypeError('refers to another schema, which no field may')
  const { anyOf, ...rest } = schema
  if (Array.isArray(anyOf)) return prepareUnion(anyOf, rest)
  if (Array.isArray(rest.allOf)) return { ...rest, allOf: rest.allOf.map(prepare) }
  if ('const' in rest) {
    const { const: only, type: _type, ...others } = rest
    return { ...others, enum: [only] }
  }
  if (rest.type === 'string') return { ...rest, noNul: true, wellFormed: true }
  if (rest.type === 'array') return { ...rest, ...prepareItems(rest.items) }
  if (rest.type !== 'object') return rest
  return {
    ...rest,
    ...prepareEach(rest, 'properties'),
    ...prepareEach(rest, 'patternProperties'),
    ...(isPlain(rest.additionalProperties) && { additionalProperties: prepare(rest.additionalProperties) })
  }
}

/** One schema for all of them, or of a tuple one for each. */
function prepareItems(items: unknown): Plain {
  if (Array.isArray(items)) return { items: items.map(prepare) }
  return isPlain(items) ? { items: prepare(items) } : {}
}

function prepareEach(schema: Plain, keyword: string): Plain {
  const schemas = schema[keyword]
  if (!isPlain(schemas)) return {}
  const prepared = Object.entries(schemas).map(([name, one]) => [name, isPlain(one) ? prepare(one) : one])
  return { [keyword]: Object.fromEntries(prepared) }
}

/** Literals become an `enum`, and a null beside one schema its second type; of anything else any branch will do. */
function prepareUnion(branches: Plain[], rest: Plain): Plain {
  const nullable = branches.some(({ type }) => type === 'null')
  const others = branches.filter(({ type }) => type !== 'null')
  const isNull = nullable ? [null] : []
  if (others.length > 0 && others.every((one) => 'const' in one))
    return { ...rest, enum: [...others.map((one) => one.const), ...isNull] }
  const [only] = others
  if (others.length !== 1 || !only) return { ...rest, anyOf: branches.map(prepare) }
  const prepared = prepare(only)
  if (Array.isArray(prepared.enum)) return { ...prepared, ...rest, enum: [...prepared.enum, ...isNull] }
  if (typeof prepared.type !== 'string') return { ...rest, anyOf: branches.map(prepare) }
  return { ...prepared, ...rest, type: nullable ? [prepared.type, 'null'] : prepared.type }
}

function kindOf(schema: Plain): FieldKind {
  if (Array.isArray(schema.enum)) return 'choice'
  const [type] = [schema.type].flat()
  return type === 'string' || type === 'integer' || type === 'number' || type === 'boolean' ? type : 'json'
}

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null
