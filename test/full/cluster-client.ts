import { encodeForm, type FilePart, PASSWORD, unique } from '../helper.ts'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests compare whatever is answered
  body: any
}

export interface Somebody {
  id: number
  email: string
  access: string
  refresh: string
}

interface Call {
  token?: string
  json?: unknown
  avatar?: FilePart
  /** What the client says its address is. */
  from?: string
  method?: string
}

/** Asks one of several nodes, or the balancer. */
export async function ask(origin: string, path: string, call: Call = {}): Promise<Answer> {
  const { token, json, avatar, from } = call
  const form = avatar && (await encodeForm([['avatar', avatar]]))
  const body = form ? new Uint8Array(form.body) : json === undefined ? undefined : JSON.stringify(json)
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(from !== undefined && { 'x-forwarded-for': from }),
    ...(body !== undefined && { 'content-type': form?.type ?? 'application/json' })
  }
  const method = call.method ?? (body === undefined ? 'GET' : 'POST')
  const response = await fetch(origin + path, {
    method,
    headers,
    redirect: 'manual',
    ...(body !== undefined && { body })
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

export async function signUp(origin: string): Promise<Somebody> {
  const username = unique('cluster')
  const email = `${username}@example.com`
  const { status, body } = await ask(origin, '/api/sign-up/', {
    json: { username, email, password: PASSWORD }
  })
  if (status !== 201) throw new Error(`sign-up failed: ${status} ${JSON.stringify(body)}`)
  return { id: body.user.id, email, access: body.access, refresh: body.refresh }
}

export const signIn = (origin: string, email: string, password: string, from?: string) =>
  ask(origin, '/api/sign-in/', { json: { email, password }, ...(from !== undefined && { from }) })

export const refreshAt = (origin: string, refresh: string) =>
  ask(origin, '/api/token/refresh/', { json: { refresh } })

export const profileAt = (origin: string, token: string) => ask(origin, '/api/profile/', { token })
