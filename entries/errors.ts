export { default } from '../plugins/errors.ts'
export { errors, ServiceError } from '../src/errors.ts'
