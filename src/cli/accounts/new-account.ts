import { type Static, Type } from '@sinclair/typebox'
import { readSignUp, SignUpBody } from '../../../routes/schemas/sign-up-body.ts'
import { createBoundedQueue } from '../../bounded-queue.ts'
import { systemClock } from '../../clock.ts'
import type { FieldErrors } from '../../errors.ts'
import { createPasswordHasher, type PasswordHasher } from '../../passwords/password-hasher.ts'
import { createRegistration, type Privileges } from '../../users/registration.ts'
import type { User } from '../../users/user.ts'
import type { UserStore } from '../../users/user-store.ts'
import { createTextJudge } from './judge-texts.ts'

/** A sign-up's fields, not yet judged. */
export type SignUpForm = { [Field in keyof Static<typeof SignUpBody>]?: string | undefined }

export interface NewAccounts {
  /** All that is wrong with a form. */
  findProblems(form: SignUpForm): Promise<FieldErrors>
  /** @throws `invalid` with every field's sentences */
  make(form: SignUpForm): Promise<User>
}

const PasswordlessBody = Type.Omit(SignUpBody, ['password'])

/** Makes accounts by the same rules as a sign-up does, in the same words. */
export function createNewAccounts(users: UserStore, privileges: Privileges): NewAccounts {
  const registration = createRegistration({ users, hasher: createHasher(), clock: systemClock })
  const judge = createTextJudge(privileges.mayLackPassword ? PasswordlessBody : SignUpBody)
  const read = (form: SignUpForm) => readSignUp(judge(withoutUndefined(form)))
  return {
    findProblems: (form) => registration.findProblems(read(form)),
    make: (form) => registration.register(read(form), privileges)
  }
}

/** For a command, which hashes one password. */
export const createHasher = (): PasswordHasher =>
  createPasswordHasher(createBoundedQueue({ concurrency: 1, maxWaiting: 1 }))

const withoutUndefined = (form: SignUpForm): object =>
  Object.fromEntries(Object.entries(form).filter(([, text]) => text !== undefined))
