/** What a sign-in answers. */
export interface Tokens {
  access: string
  /** Absent where tokens come from an identity provider. */
  refresh?: string
  /** Whose they are; asked for where it is not known. */
  id?: number
}

/** Where a client keeps its tokens between calls. */
export interface TokenStore {
  get(): Tokens | undefined | Promise<Tokens | undefined>
  /** Undefined forgets them. */
  set(tokens: Tokens | undefined): void | Promise<void>
  /** Runs one piece of work at a time among all who share the store. */
  lock?<T>(work: () => Promise<T>): Promise<T>
}

/** Tokens that are gone with the page, or the process. */
export function memoryTokens(tokens?: Tokens): TokenStore {
  let kept = tokens
  return {
    get: () => kept,
    set(next) {
      kept = next
    }
  }
}

/**
 * Makes what runs pieces of work one at a time: among all tabs that have the name, where the browser has locks (on https and
 * localhost), else among those of this page.
 */
export function createTurns(name: string): NonNullable<TokenStore['lock']> {
  const { locks } = navigator
  if (locks) return async (work) => locks.request(name, work)
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work, work)
    last = mine
    return mine
  }
}

interface WebStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/**
 * Tokens in `localStorage` or `sessionStorage`. Tabs that share them refresh them one at a time, where the browser has locks.
 * Whoever can run a script in the page can read them.
 * @param key that they have there
 */
export function webStorageTokens(storage: WebStorage, key = 'fastify-user-profile'): TokenStore {
  const { locks } = navigator
  return {
    get() {
      try {
        return JSON.parse(storage.getItem(key) ?? '') || undefined
      } catch {
        // There are none, or what is there is not ours.
        return undefined
      }
    },
    set: (tokens) => (tokens ? storage.setItem(key, JSON.stringify(tokens)) : storage.removeItem(key)),
    ...(locks && { lock: async (work) => locks.request(key, work) })
  }
}
