export type { ErrorsOptions } from '../plugins/errors.ts'
export { default, sendError } from '../plugins/errors.ts'
export type { FieldErrors } from '../src/errors.ts'
export { errors, ServiceError } from '../src/errors.ts'
