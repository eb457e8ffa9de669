import { isIP } from 'node:net'

/** Python's `\w` is letters, numbers of all kinds and the underscore; Django adds `@.+-`. */
const USERNAME = /^[\p{L}\p{N}_.@+-]+$/u

const LOCAL_ATOM = /^[-!#$%&'*+/=?^_`{}|~0-9a-z]+$/i
/** A label of a host name; beyond ASCII, whatever letters its language has. */
const LABEL = /^[a-z0-9\u00a1-\uffff](?:[a-z0-9\u00a1-\uffff-]{0,61}[a-z0-9\u00a1-\uffff])?$/i
const TOP_LABEL = /^(?!-)(?:[a-z\u00a1-\uffff-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)$/i

export const isUsername = (text: string) => USERNAME.test(text)

/**
 * Whether Django's EmailValidator takes the text: a dot-atom or quoted local part, and a domain of two labels or
 * more, `localhost`, or an IP address in brackets.
 */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  if (at < 1 || text.length > 320) return false
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)]
  return isLocalPart(local) && isDomain(domain)
}

function isLocalPart(local: string): boolean {
  return local.startsWith('"') ? isQuoted(local) : local.split('.').every((atom) => LOCAL_ATOM.test(atom))
}

/** RFC 5321's quoted string: ASCII but NUL and line ends, with a backslash before quotes and backslashes. */
function isQuoted(local: string): boolean {
  if (local.length < 2 || !local.endsWith('"')) return false
  const inner = local.slice(1, -1)
  for (let index = 0; index < inner.length; index++) {
    const escaped = inner[index] === '\\'
    if (escaped) index++
    const code = inner.charCodeAt(index)
    const isText = code > 0 && code < 128 && code !== 10 && code !== 13
    if (!isText || (!escaped && (inner[index] === '"' || code === 9 || code === 32))) return false
  }
  return true
}

function isDomain(domain: string): boolean {
  if (domain === 'localhost') return true
  if (domain.startsWith('[') && domain.endsWith(']')) return isIP(domain.slice(1, -1)) !== 0
  const labels = domain.split('.')
  const top = labels.pop() ?? ''
  return labels.length > 0 && labels.every((label) => LABEL.test(label)) && TOP_LABEL.test(top)
}
