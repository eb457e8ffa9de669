import { TokenRefusedError } from './token-refused.ts'

/**
 * Strings, and what nests; all else of a text that is known to be JSON is of no interest. A string need not end, so that no text
 * makes it begin anew.
 */
const TOKENS = /"(?:[^"\\]|\\.)*"?|[{}[\]:]/g

/**
 * A JSON object in UTF-8, strictly: no byte order mark, no bytes that are not UTF-8, and no name twice in one object, of
 * which two readers could take different ones (RFC 7515, 4; RFC 7519, 4).
 * @param what names the text in the error
 * @throws {TokenRefusedError}
 */
export function parseStrictObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  const { text, value } = parse(bytes, what)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TokenRefusedError(`${what} is no JSON object`)
  if (hasNameTwice(text)) throw new TokenRefusedError(`${what} has a name twice`)
  return value as Record<string, unknown>
}

function parse(bytes: Uint8Array, what: string): { text: string; value: unknown } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return { text, value: JSON.parse(text) }
  } catch (cause) {
    throw new TokenRefusedError(`${what} is no JSON`, { cause })
  }
}

/** Whether any object in a valid JSON text has a name twice, however it is escaped. */
function hasNameTwice(json: string): boolean {
  const open: Set<string>[] = []
  let last = ''
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (token === ':') {
      const names = open.at(-1)
      const name: string = JSON.parse(last)
      if (names?.has(name)) return true
      names?.add(name)
    } else last = token
  }
  return false
}
