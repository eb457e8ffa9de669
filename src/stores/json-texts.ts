export type JsonObject = Readonly<Record<string, unknown>>

/** A text that is no JSON, or none of an object, counts as an empty one: what it belongs to has to stay usable. */
export function readObject(text: string): JsonObject {
  const value = readJson(text)
  return isObject(value) ? { ...value } : {}
}

/** The same for a list of objects; what else is in it is left out. */
export function readObjects(text: string): JsonObject[] {
  const value = readJson(text)
  return Array.isArray(value) ? value.filter(isObject) : []
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
