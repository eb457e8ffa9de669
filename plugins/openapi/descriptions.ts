type Descriptions = Readonly<Record<string, string>>

const BY_STATUS: Descriptions = {
  200: 'It is done.',
  201: 'The account is there, and signed in.',
  204: 'The account is gone.',
  302: 'Where the picture is.',
  400: 'Something that was sent can’t be used; nothing was written.',
  401: 'There is no token, or it is not good (any more).',
  403: 'It is known who asks, and this is not theirs.',
  404: 'There is nobody, or nothing, of this name.',
  408: 'The body took too long to arrive.',
  413: 'The body, or a file in it, is larger than it may be.',
  415: 'The body has a type that is not taken.',
  429: 'Too many requests of this kind lately.',
  500: 'A fault of the service. The log has its cause under the id.',
  503: 'A store can’t be reached, or too many requests wait. Nothing was written.',
  507: 'There is no storage left. Nothing was written.'
}

const UPDATED = {
  200: 'The profile as it is now.',
  412: 'The profile is in no state that `If-Match` names (any more); nothing was written.'
}
const READ = {
  200: 'The profile.',
  304: 'The profile is as the client has it.',
  412: 'The profile is in no state that `If-Match` names.'
}
/** Of somebody who signed in elsewhere. */
const NO_ACCOUNT = { 403: 'An identity provider knows who asks, and they can’t have an account here.' }

const ANOTHER_SITE = 'It was sent from another site, or without the header that shows the opposite.'
const NO_ADMINISTRATOR = { 403: 'Who asks is neither staff nor a superuser.' }
const NOT_UPON_THEM = { 403: 'Who asks is no administrator, or staff, and acts upon one.' }
const NO_SUPERUSER = { 403: 'Who asks is no superuser.' }
const NOT_UPON_ONESELF = { 400: 'Nobody does this to themselves.' }

/** Where an operation means something else by a status. */
const BY_OPERATION: Readonly<Record<string, Descriptions>> = {
  getPicture: {
    200: 'The picture, or the square.',
    206: 'The part of it that `Range` asked for.',
    302: 'The square can’t be made at the moment; the picture itself is there.',
    304: 'It is what the client has.',
    404: 'There is nothing of this name.',
    416: 'It has no such part.'
  },
  getPlaceholder: { 200: 'The drawing.', 404: 'There is nothing of this name.' },
  signUp: { 403: 'Sign-up is closed.' },
  signIn: {
    200: 'The account is signed in.',
    400: 'Name or password is wrong, or something can’t be read.'
  },
  obtainToken: { 200: 'A session’s first tokens.', 401: 'Name or password is wrong.' },
  refreshToken: {
    200: 'An access token; and the next refresh token, where they rotate.',
    401: 'The refresh token is not good (any more).'
  },
  verifyToken: {
    200: 'The token is good.',
    400: 'There is no token, or it is a refresh token that was revoked.',
    401: 'The token is not good (any more).'
  },
  blacklistToken: { 200: 'The session is over.', 401: 'The refresh token is not good (any more).' },
  keepSession: {
    200: 'The session is in the cookie.',
    401: 'The refresh token is not good (any more).',
    403: ANOTHER_SITE
  },
  resumeSession: {
    200: 'An access token, and whose it is; the next refresh token is in the cookie.',
    401: 'There is no cookie, or it is not good (any more).',
    403: ANOTHER_SITE
  },
  endSession: { 204: 'Nobody is signed in by the cookie, which is gone.', 403: ANOTHER_SITE },
  getProfile: { ...READ, ...NO_ACCOUNT },
  postProfile: { ...READ, ...NO_ACCOUNT },
  getProfileById: READ,
  updateProfile: UPDATED,
  patchProfile: UPDATED,
  changePassword: { 200: 'Tokens of a new session; all others are over.' },
  listUsers: { 200: 'A page of users.', ...NO_ADMINISTRATOR },
  getUser: { ...READ, ...NO_ADMINISTRATOR },
  listSessions: { 200: 'The sessions.', ...NO_ADMINISTRATOR },
  updateUser: { ...UPDATED, ...NOT_UPON_THEM },
  activateUser: { ...UPDATED, ...NOT_UPON_THEM },
  deactivateUser: { ...UPDATED, ...NOT_UPON_THEM, ...NOT_UPON_ONESELF },
  signOutUser: { 200: 'Every session of theirs is over.', ...NOT_UPON_THEM },
  grantStaff: { ...UPDATED, ...NO_SUPERUSER },
  revokeStaff: { ...UPDATED, ...NO_SUPERUSER, ...NOT_UPON_ONESELF },
  removeUserAvatar: { ...UPDATED, ...NOT_UPON_THEM },
  deleteUser: { ...NOT_UPON_THEM, ...NOT_UPON_ONESELF },
  listActs: { 200: 'A page of acts.', ...NO_ADMINISTRATOR },
  listImports: { 200: 'The imports.', ...NO_ADMINISTRATOR },
  getStatus: { 200: 'How the service is.', ...NO_ADMINISTRATOR },
  signOutEverywhere: { 200: 'Every session is over.' }
}

/** What a status means as the answer of an operation. */
export const descriptionOf = (operationId: string, status: string): string =>
  BY_OPERATION[operationId]?.[status] ?? BY_STATUS[status] ?? 'As its status says.'
