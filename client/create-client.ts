import createFetchClient, { type Client as FetchClient } from 'openapi-fetch'
import { type Answer, take } from './answer.ts'
import type { components, paths } from './openapi.ts'
import { ProfileError } from './profile-error.ts'
import type { SendOptions, SendWithProgress } from './progress.ts'
import { createSession } from './session.ts'
import { keepInCookie, keepInStore } from './session-keeper.ts'
import { createTurns, memoryTokens, type TokenStore } from './tokens.ts'
import { onlyIf, tagged, unlessKnown } from './user-tags.ts'

type JsonBody<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  requestBody?: { content: { 'application/json': infer Body } }
}
  ? Body
  : never

type JsonChanges = JsonBody<'/profile/{id}/update/', 'patch'>

/** A user, with the fields that a host app adds. */
export type User<Extra extends object = object> = components['schemas']['User'] & Extra
export type SignUp<Extra extends object = object> = JsonBody<'/sign-up/', 'post'> & Partial<Extra>
export type ProfileChanges<Extra extends object = object> = JsonChanges & Partial<Extra>

/** Who signs in: by email or by username. */
export type Credentials = { password: string } & ({ email: string } | { username: string })

export interface ClientSettings {
  /** Where the service is, such as `https://accounts.example.com`; of a plugin with a prefix, with that. */
  baseUrl: string
  /** The path in front of the endpoints; of a plugin with a prefix mostly ''. @default '/api' */
  apiPrefix?: string
  /** Called once when the session has ended elsewhere, or expired. */
  onSignedOut?: (error: ProfileError) => void
  /** @default the global one */
  fetch?: (request: Request) => Promise<Response>
}

export interface UpdateOptions<Extra extends object = object> {
  /**
   * The user as `profile()` or an update answered them, whom the change is meant for. Where they were changed since, it fails with
   * the status 412, and nothing is written. @default whatever there is by now
   */
  basedOn?: User<Extra> | undefined
}

/** Where the tokens are: the two ways exclude one another. */
export type TokenPlace =
  | {
      /** Where tokens are kept. @default in memory */
      tokens?: TokenStore
      session?: never
    }
  | {
      /**
       * For pages of the service's own origin: the refresh token is in a cookie that no script can read, and the access token
       * in memory. `resume()` says who is signed in when a page begins.
       */
      session: 'cookie'
      tokens?: never
    }

export type ClientOptions = ClientSettings & TokenPlace

/** A client of the service, in browsers and Node: signed in once, its calls stay so until the session ends. */
export type CreateClient = <Extra extends object = object>(options: ClientOptions) => Client<Extra>

/** Every method throws {@link ProfileError} for what is refused, and where there is no answer. */
export interface Client<Extra extends object = object> {
  signUp(fields: SignUp<Extra>): Promise<User<Extra>>
  signIn(credentials: Credentials): Promise<User<Extra>>
  /** Who is signed in from before, by what was kept; undefined where nobody is. */
  resume(): Promise<User<Extra> | undefined>
  /** Ends this session, here in any case; what it throws says that it may go on elsewhere. */
  signOut(): Promise<void>
  /** Ends every session of the account. */
  signOutEverywhere(): Promise<void>
  /** @param options `known`: a user that was answered before, who is answered again where nothing has changed */
  profile(options?: { known?: User<Extra> | undefined }): Promise<User<Extra>>
  /** Absent fields stay as they are. */
  updateProfile(changes: ProfileChanges<Extra>, options?: UpdateOptions<Extra>): Promise<User<Extra>>
  /** @param file a File or a Blob; in Node, `await openAsBlob(path)` is one */
  setAvatar(file: Blob, options?: SendOptions & UpdateOptions<Extra>): Promise<User<Extra>>
  removeAvatar(options?: UpdateOptions<Extra>): Promise<User<Extra>>
  /** Ends every other session. */
  changePassword(current: string, next: string): Promise<void>
  deleteAccount(): Promise<void>
  /** For pages that know a user by id; answers at once. @param size pixels a side, 1 to 2048 */
  avatarUrl(id: number, size?: number): string
  /** The whole interface, typed, with the same tokens. */
  api: FetchClient<paths>
}

/** Makes clients whose uploads go out in one way or another. */
export const clientsWith =
  (sendWithProgress: SendWithProgress): CreateClient =>
  <Extra extends object = object>({
    baseUrl,
    apiPrefix = '/api',
    session,
    tokens = memoryTokens(),
    onSignedOut,
    fetch = (request) => globalThis.fetch(request)
  }: ClientOptions): Client<Extra> => {
    // So many at most, because with no bound the time would grow with the square of their number.
    const base = baseUrl.replace(/\/{1,9}$/, '') + apiPrefix

    /** An answer, whatever it is. */
    async function reach(request: Request, send = fetch): Promise<Response> {
      try {
        return await send(request)
      } catch (cause) {
        const { aborted, reason } = request.signal
        throw aborted ? reason : new ProfileError('The service can’t be reached.', { cause })
      }
    }

    const inTurn = session && createTurns(`fastify-user-profile ${base}`)
    const authorise = createSession({
      tokens: inTurn ? { ...tokens, lock: inTurn } : tokens,
      onSignedOut,
      refresh: (current) => keeper.refresh(current)
    })

    /** An answer to whoever is signed in; `send` may be called twice. */
    const sendSigned = (request: Request, send = fetch) =>
      authorise((access) => {
        const attempt = request.clone()
        if (access) attempt.headers.set('authorization', `Bearer ${access}`)
        return reach(attempt, send)
      })

    const api = createFetchClient<paths>({ baseUrl: base, fetch: sendSigned })

    /** The user of an answer, whose state is remembered. */
    const takeUser = (answer: Answer<unknown>) => tagged(take(answer) as User<Extra>, answer.response)

    const profile: Client<Extra>['profile'] = async ({ known } = {}) => {
      const answer = await api.GET('/profile/', { headers: unlessKnown(known) })
      return known && answer.response.status === 304 ? known : takeUser(answer)
    }
    const kept = { tokens, api, reach }
    const keeper = inTurn ? keepInCookie(kept, inTurn) : keepInStore(kept)

    /** Who is signed in, as paths have it. */
    async function own() {
      const id = (await tokens.get())?.id ?? (await profile()).id
      return { params: { path: { id } } }
    }

    async function begin(answer: Answer<components['schemas']['SignedIn']>): Promise<User<Extra>> {
      const { user, ...pair } = take(answer)
      await keeper.begin({ ...pair, id: user.id })
      return user as User<Extra>
    }

    const updateProfile: Client<Extra>['updateProfile'] = async (body, { basedOn } = {}) => {
      const headers = onlyIf(basedOn)
      return takeUser(
        await api.PATCH('/profile/{id}/update/', { ...(await own()), headers, body: body as never })
      )
    }

    const forget = () => tokens.set(undefined)

    return {
      api,
      profile,
      updateProfile,
      signUp: async (body) => begin(await api.POST('/sign-up/', { body })),
      signIn: async (body) => begin(await api.POST('/sign-in/', { body })),
      removeAvatar: (options) => updateProfile({ avatar: null } as ProfileChanges<Extra>, options),

      signOut: () => keeper.end(),
      resume: () => keeper.resume() as Promise<User<Extra> | undefined>,

      async signOutEverywhere() {
        take(await api.POST('/sign-out-everywhere/'))
        await forget()
      },

      async setAvatar(file, { onProgress, signal, basedOn } = {}) {
        const headers = onlyIf(basedOn)
        const form = new FormData()
        form.append('avatar', file)
        const answer = await api.PATCH('/profile/{id}/update/', {
          ...(await own()),
          headers,
          body: form as never,
          signal: signal ?? null,
          fetch: (request) =>
            sendSigned(
              request,
              onProgress && ((attempt) => sendWithProgress(attempt, form, onProgress, fetch))
            )
        })
        return takeUser(answer)
      },

      async changePassword(current_password, new_password) {
        const body = { current_password, new_password }
        const who = await own()
        const pair = take(await api.POST('/profile/{id}/password/', { ...who, body }))
        await keeper.begin({ ...pair, ...who.params.path })
      },

      async deleteAccount() {
        take(await api.DELETE('/profile/{id}/delete/', await own()))
        await forget()
      },

      avatarUrl: (id, size) => `${base}/avatars/${id}/${size ? `?size=${size}` : ''}`
    }
  }
