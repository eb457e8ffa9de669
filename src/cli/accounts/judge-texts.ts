import type { Static, TObject } from '@sinclair/typebox'
import { judgedBody } from '../../../routes/judged-body.ts'
import type { FieldErrors } from '../../errors.ts'
import { createBodyCompiler } from '../../validation/body-validator.ts'

/** Judges texts by a schema of the interface, in its words: which are valid, and what is wrong with the others. */
export function createTextJudge<Schema extends TObject>(
  schema: Schema
): (texts: object) => { valid: Partial<Static<Schema>>; invalid: FieldErrors } {
  const validate = createBodyCompiler()(schema)
  return (texts) => {
    const judged = validate(texts)
    // What the validator answers is of its schema.
    return judgedBody<Static<Schema>>(
      'error' in judged
        ? { body: {}, validationError: judged.error }
        : { body: judged.value as Static<Schema> }
    )
  }
}
