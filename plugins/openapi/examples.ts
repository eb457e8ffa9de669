import { errors } from '../../src/errors.ts'
import { ADMIN_REFUSALS, adminSuccesses } from './admin-examples.ts'
import type { ApiDescription } from './api-description.ts'

/** A user as the endpoint's document shows one. */
const JOHN = {
  id: 1,
  username: 'john_doe_updated',
  email: 'john.doe@example.com',
  first_name: 'John',
  last_name: 'Doe',
  number_phone: '1234567890',
  avatar: '/media/avatars/3f9c0a5be17d4c02b1f0c7d95a6e8d21.jpg',
  date_joined: '2024-01-15T10:30:00Z',
  last_login: '2024-03-10T14:20:00Z',
  is_active: true,
  is_staff: false,
  is_superuser: false
}

const TOKEN = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoxfQ.c2lnbmF0dXJl'
const PAIR = { refresh: TOKEN, access: TOKEN }
const PASSWORD = 'correct horse 42'

/** Names of John's, as the endpoint's document sends them. */
const NAMES = { first_name: 'John', last_name: 'Doe', number_phone: '1234567890' }
const UPDATE = { ...NAMES, email: 'john.doe@example.com', username: 'john_doe_updated' }

const SIGN_UP = { username: 'john_doe', email: 'john.doe@example.com', password: PASSWORD, ...NAMES }

const REQUESTS: Examples['requests'] = {
  signIn: { email: 'john.doe@example.com', password: PASSWORD },
  obtainToken: { username: 'john_doe', password: PASSWORD },
  refreshToken: { refresh: TOKEN },
  verifyToken: { token: TOKEN },
  blacklistToken: { refresh: TOKEN },
  keepSession: { refresh: TOKEN },
  changePassword: { current_password: PASSWORD, new_password: 'battery staple 43' },
  updateProfile: UPDATE,
  updateUser: { username: 'john_doe', email: 'john.doe@example.com' },
  patchProfile: { first_name: 'Alice', last_name: 'Wonderland', number_phone: '5559876543' }
}

export interface Examples {
  /** What is sent, by operation. */
  requests: Readonly<Record<string, object>>
  /** What is answered, by the name of its shape. */
  successes: Readonly<Record<string, object>>
  /** Refusals of an operation that are others than its status has elsewhere. */
  refusals: Readonly<Record<string, Readonly<Record<number, Named>>>>
}

/** Examples where a host has these fields. There is none of a sign-up that needs a field of which the host shows none. */
export function examplesFor({ fields, avatarMaxBytes }: ApiDescription): Examples {
  const { written, required, present } = fields
  const user = { ...JOHN, ...present(null) }
  const shown = [...required].map((name) => [name, written[name]?.examples?.[0] ?? written[name]?.default])
  const signUp = shown.every(([, value]) => value !== undefined) && {
    signUp: { ...SIGN_UP, ...Object.fromEntries(shown) }
  }
  return {
    requests: { ...signUp, ...REQUESTS },
    successes: {
      User: user,
      SignedIn: { ...PAIR, user },
      KeptSession: { access: TOKEN, user },
      TokenPair: PAIR,
      RefreshedToken: PAIR,
      Empty: {},
      ...adminSuccesses(user)
    },
    refusals: {
      ...OWN_REFUSALS,
      ...ADMIN_REFUSALS,
      updateProfile: refusedUploads(avatarMaxBytes),
      patchProfile: refusedUploads(avatarMaxBytes)
    }
  }
}

const refusedUploads = (avatarMaxBytes: number) => ({
  413: { 'large picture': errors.avatarTooLarge(avatarMaxBytes).body },
  408: { 'slow upload': errors.uploadTimeout('avatar', 120_000).body }
})

type Named = Readonly<Record<string, object>>

const TOKEN_REFUSED = {
  detail: 'Given token not valid for any token type',
  code: 'token_not_valid',
  messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is invalid or expired' }]
}

const INVALID_FIELDS = {
  email: ['This field must be a valid email address.'],
  username: ['A user with that username already exists.']
}

/** Refusals, by status; each is one that the service makes. */
export const REFUSAL_EXAMPLES: Readonly<Record<number, Named>> = {
  400: {
    'invalid fields': INVALID_FIELDS,
    'malformed JSON': { detail: 'JSON parse error - malformed at position 1' },
    'no object': { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }
  },
  401: {
    'no token': { detail: 'Authentication credentials were not provided.' },
    'expired token': TOKEN_REFUSED,
    'deleted user': { detail: 'User not found', code: 'user_not_found' },
    'inactive user': { detail: 'User is inactive', code: 'user_inactive' }
  },
  403: { 'somebody else’s account': { error: 'Not authorized' } },
  404: { nobody: { detail: 'Not found.' } },
  408: { 'too slow': { detail: 'The request took too long to arrive.' } },
  412: { 'changed meanwhile': errors.preconditionFailed().body },
  413: { 'too large': { detail: 'The request body is too large.' } },
  415: { 'unknown type': { detail: 'Unsupported media type "text/plain" in request.' } },
  416: { 'beyond its end': { detail: 'Range Not Satisfiable' } },
  429: { throttled: { detail: 'Request was throttled. Expected available in 12 seconds.' } },
  500: {
    fault: {
      error: 'The server failed to answer this request. Its id is 0f8fad5b-d9cb-469f-a165-70867728950e.'
    }
  },
  503: { away: { error: 'The service is temporarily unavailable. Try again later.' } },
  507: { full: { error: 'The service has no storage left.' } }
}

const NO_ACCOUNT = { 'email of another account': errors.identityEmailTaken().body }

const FROM_ANOTHER_SITE = { 'page of another site': { error: 'Not authorized' } }

const OWN_REFUSALS: Examples['refusals'] = {
  signUp: {
    400: {
      'invalid fields': {
        username: ['A user with that username already exists.'],
        password: ['This password is too short. It must contain at least 8 characters.']
      }
    },
    403: { closed: { error: 'Sign-up is closed.' } }
  },
  getProfile: { 403: NO_ACCOUNT },
  postProfile: { 403: NO_ACCOUNT },
  signIn: {
    400: {
      'wrong password': { error: 'Invalid email or password.' },
      'missing field': { password: ['This field is required.'] }
    }
  },
  obtainToken: {
    401: { 'wrong password': { detail: 'No active account found with the given credentials' } }
  },
  refreshToken: { 401: { revoked: { detail: 'Token is blacklisted', code: 'token_not_valid' } } },
  blacklistToken: { 401: { revoked: { detail: 'Token is blacklisted', code: 'token_not_valid' } } },
  keepSession: {
    401: { revoked: { detail: 'Token is blacklisted', code: 'token_not_valid' } },
    403: FROM_ANOTHER_SITE
  },
  resumeSession: {
    401: {
      'no cookie': { detail: 'Authentication credentials were not provided.' },
      'session that has ended': { detail: 'Token is blacklisted', code: 'token_not_valid' }
    },
    403: FROM_ANOTHER_SITE
  },
  endSession: { 403: FROM_ANOTHER_SITE },
  verifyToken: {
    400: { revoked: { non_field_errors: ['Token is blacklisted'] } },
    401: { expired: { detail: 'Token is invalid or expired', code: 'token_not_valid' } }
  },
  changePassword: {
    400: {
      'wrong password': {
        current_password: ['Your old password was entered incorrectly. Please enter it again.']
      }
    }
  },
  getAvatarById: { 400: { 'no size': { size: ['A valid integer is required.'] } } },
  getAvatarByEmailHash: { 400: { 'no size': { s: ['A valid integer is required.'] } } }
}
