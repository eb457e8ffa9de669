/** What a text may be searched by; an empty one is guessed by the service. */
export const SEARCH_BY = ['', 'username', 'email', 'id'] as const

export type SearchBy = (typeof SEARCH_BY)[number]

/** What is looked at. Every text is as it was typed, so that a link says the same. */
export type Route =
  | { view: 'users'; q: string; by: SearchBy }
  | { view: 'user'; id: string }
  | { view: 'audit'; user: string }
  | { view: 'status' }
  | { view: 'nowhere' }

/** @param hash such as `#/users?q=ana` */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const parameters = new URLSearchParams(query)
  const [view, id, ...rest] = path.split('/')
  if (rest.length > 0 || (id !== undefined && view !== 'users')) return { view: 'nowhere' }
  if (id) return /^\d+$/.test(id) ? { view: 'user', id } : { view: 'nowhere' }
  switch (view) {
    case '':
    case 'users':
      return { view: 'users', q: parameters.get('q') ?? '', by: readBy(parameters.get('by')) }
    case 'audit':
      return { view: 'audit', user: parameters.get('user') ?? '' }
    case 'status':
      return { view: 'status' }
    default:
      return { view: 'nowhere' }
  }
}

const readBy = (text: string | null): SearchBy => SEARCH_BY.find((by) => by === text) ?? ''

export const usersHref = ({ q = '', by = '' }: { q?: string; by?: SearchBy } = {}): string =>
  withQuery('#/users', { q, by })

export const userHref = (id: number): string => `#/users/${id}`

export const auditHref = (user: number | string = ''): string => withQuery('#/audit', { user: String(user) })

export const STATUS_HREF = '#/status'

function withQuery(path: string, parameters: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''))
  return query.size > 0 ? `${path}?${query}` : path
}
