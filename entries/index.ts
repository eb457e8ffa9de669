export type { LifecycleHooks } from '../plugins/user-profile/lifecycle-hooks.ts'
export type {
  CommonOptions,
  ExternalTokens,
  HostAuthentication,
  NoFields,
  OwnTokens,
  UserIdLike,
  UserProfileOptions
} from '../plugins/user-profile/options.ts'
export { defineOptions } from '../plugins/user-profile/options.ts'
export { default, default as userProfile } from '../plugins/user-profile.ts'
export type { ProfileOf } from '../routes/schemas/profile-fields.ts'
export type {
  AdminStore,
  ImportRecord,
  NamedUser,
  SessionSummary,
  StorageFigures
} from '../src/admin/admin-store.ts'
export type {
  Act,
  Action,
  AuditLog,
  FieldChanges,
  Outcome,
  Person,
  RecordedAct
} from '../src/admin/audit-log.ts'
export type {
  FileLocation,
  LocateOptions,
  MediaKey,
  MediaStore,
  OpenedFile,
  OpenOptions,
  StoredFile
} from '../src/avatars/media-store.ts'
export type { Clock } from '../src/clock.ts'
export type { Algorithm } from '../src/identity/algorithms.ts'
export type { ExternalIdentity, IdentityStore } from '../src/identity/identity-store.ts'
export type { ClaimNames, JwksOptions } from '../src/identity/jwks-options.ts'
export { OptionError } from '../src/options/option-error.ts'
export type { Picture, PictureFormat } from '../src/pictures/picture-format.ts'
export type { RedisClient } from '../src/stores/redis/redis-client.ts'
export type { RefreshTokenRecord, RotateOutcome, SessionStore } from '../src/tokens/session-store.ts'
export type { IdentityField, IdentityKeys } from '../src/users/identity.ts'
export type { ProfileExtra, ProfileTexts, User, UserId } from '../src/users/user.ts'
export type {
  NewUser,
  PasswordChange,
  ProfileStore,
  SignIn,
  SignInRecord,
  UserChanges,
  UserStore
} from '../src/users/user-store.ts'
export { IdentityTakenError } from '../src/users/user-store.ts'
export { userVersion } from '../src/users/user-version.ts'
