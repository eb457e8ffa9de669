import { Agent, request } from 'node:http'

export interface Answer {
  status: number
  headers: Headers
  body: Buffer
  /** The body, where it is JSON. */
  json: AnswerBody
}

/** What the service's answers may hold, as far as anybody looks at it here. */
export interface AnswerBody {
  refresh?: string
  access?: string
  user?: AnsweredUser
  [field: string]: unknown
}

export interface AnsweredUser {
  id: number
  username: string
  email: string
  first_name: string
  last_name: string
  number_phone: string | null
  /** Its path below the service. */
  avatar: string | null
  date_joined: string
  last_login: string | null
}

export interface Call {
  method?: string
  path: string
  token?: string | undefined
  /** Sent as JSON. */
  json?: unknown
  form?: { type: string; body: Buffer }
}

/** One connection that is kept from one request to the next. */
export interface Connection {
  /** @throws where no whole answer comes */
  ask(origin: string, call: Call): Promise<Answer>
  close(): void
}

/** Whatever is asked, and however busy the machine is. */
const MAX_ANSWER_MS = 60_000

export function openConnection(): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    close: () => agent.destroy(),
    ask: (origin, { method = 'POST', path, token, json, form }) =>
      new Promise((resolve, reject) => {
        const body = json === undefined ? form?.body : Buffer.from(JSON.stringify(json))
        const headers = {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body && { 'content-type': form?.type ?? 'application/json', 'content-length': body.length })
        }
        const sent = request(origin + path, { method, agent, headers }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const { statusCode: status = 0 } = response
            const headers = new Headers(response.headers as Record<string, string>)
            const body = Buffer.concat(chunks)
            const isJson = headers.get('content-type')?.startsWith('application/json')
            if (response.complete)
              resolve({ status, headers, body, json: isJson ? JSON.parse(String(body)) : {} })
            else reject(new Error('the answer broke off'))
          })
        })
        sent.setTimeout(MAX_ANSWER_MS, () => sent.destroy(new Error('no answer within a minute')))
        sent.on('error', reject)
        sent.end(body)
      })
  }
}
