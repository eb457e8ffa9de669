export interface TimedAnswer {
  /** 0 where no whole answer came in time. */
  status: number
  headers: Headers
  body: Buffer
  ms: number
}

export interface TimedCall {
  method?: string
  token?: string | undefined
  json?: unknown
  form?: { type: string; body: Buffer }
}

const NO_ANSWER = { status: 0, headers: new Headers(), body: Buffer.alloc(0) }

/** Asks once, and says how long it took. Never fails. */
export async function timedAsk(
  url: string,
  { method, token, json, form }: TimedCall = {},
  withinMs = 15_000
): Promise<TimedAnswer> {
  const since = performance.now()
  const headers: Record<string, string> = {}
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  if (json !== undefined) headers['content-type'] = 'application/json'
  if (form) headers['content-type'] = form.type
  const content = json === undefined ? form && new Uint8Array(form.body) : JSON.stringify(json)
  try {
    const init = {
      method: method ?? (content ? 'POST' : 'GET'),
      headers,
      ...(content !== undefined && { body: content })
    }
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(withinMs) })
    const body = Buffer.from(await response.arrayBuffer())
    return { status: response.status, headers: response.headers, body, ms: performance.now() - since }
  } catch {
    return { ...NO_ANSWER, ms: performance.now() - since }
  }
}

/** What is wrong with an answer that says that the service can't do it now; undefined where it is one. */
export function faultOfRefusal({ status, headers, body }: Omit<TimedAnswer, 'ms'>): string | undefined {
  if (status === 0) return 'no answer'
  if (status !== 503 && status !== 507) return `status ${status}: ${body.subarray(0, 200)}`
  if (status === 503 && !/^\d+$/.test(headers.get('retry-after') ?? '')) return '503 without Retry-After'
  try {
    if (typeof JSON.parse(String(body)).error === 'string') return undefined
  } catch {}
  return `status ${status} with the body ${body.subarray(0, 200)}`
}
