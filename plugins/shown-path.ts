/** What tokens are written with: each character is looked at once, however many beginnings of tokens there are. */
const TOKEN_CHARACTERS = /[\w.-]+/g

/**
 * What logs and spans name of a URL: its path without the query, which may hold a token, and without JSON Web Tokens, which
 * have no place there, but are put there by mistake.
 */
export function shownPath(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  return path.includes('eyJ') ? path.replace(TOKEN_CHARACTERS, withoutToken) : path
}

function withoutToken(text: string): string {
  const start = text.indexOf('eyJ')
  const isToken = start >= 0 && text.slice(start).split('.', 3).length === 3
  return isToken ? `${text.slice(0, start)}<token>` : text
}
