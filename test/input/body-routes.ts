import { PASSWORD, type TestApp } from '../helper.ts'

/** A route that takes a body, with one that does what the route is for. */
export interface BodyRoute {
  operationId: string
  method: 'PUT' | 'POST'
  url: string
  /** Of whom the account is. */
  token: string
  fields: Record<string, string>
  /** What has to come with it besides. */
  headers: Record<string, string>
  success: number
}

/** All of them, in an order in which each still works, and whose account they are about. */
export async function bodyRoutes({ signUp }: Pick<TestApp, 'signUp'>) {
  const [ada, bob, cy] = [await signUp({ first_name: 'before' }), await signUp(), await signUp()]
  const passwords = { current_password: PASSWORD, new_password: 'a new horse 43' }
  const table: [operationId: string, url: string, fields: Record<string, string>][] = [
    ['updateProfile', `profile/${ada.id}/update`, { first_name: 'Ada', last_name: 'Byron' }],
    ['signUp', 'sign-up', { username: 'eve', email: 'eve@example.com', password: PASSWORD }],
    ['signIn', 'sign-in', { email: ada.email, password: PASSWORD }],
    ['obtainToken', 'token', { username: ada.username, password: PASSWORD }],
    ['refreshToken', 'token/refresh', { refresh: ada.refresh }],
    ['verifyToken', 'token/verify', { token: ada.access }],
    ['blacklistToken', 'token/blacklist', { refresh: bob.refresh }],
    ['keepSession', 'session', { refresh: cy.refresh }],
    ['changePassword', `profile/${ada.id}/password`, passwords]
  ]
  const routes = table.map(
    ([operationId, path, fields]): BodyRoute => ({
      operationId,
      method: ['updateProfile', 'keepSession'].includes(operationId) ? 'PUT' : 'POST',
      url: `/api/${path}/`,
      token: ada.access,
      fields,
      headers: operationId === 'keepSession' ? { 'x-same-origin': '1' } : {},
      success: operationId === 'signUp' ? 201 : 200
    })
  )
  return { ada, routes }
}
