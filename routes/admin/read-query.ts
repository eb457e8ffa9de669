import { errors, type FieldErrors } from '../../src/errors.ts'
import { strip } from '../../src/validation/normalise.ts'
import { PAGE_LENGTH } from '../schemas/admin.ts'

/** What a parameter is read as, or the sentence that refuses it. */
export type Parsed<Value> = { value: Value } | { refusal: string }

export type Parse<Value> = (text: string) => Parsed<Value>

/** Parameters of a query, of which all that are wrong are told at once. */
export interface QueryReader {
  /** Undefined where there is none, it is blank, or it can't be read. */
  read<Value>(name: string, parse: Parse<Value>): Value | undefined
  /** @throws `invalid` (400) with the sentences of every parameter that can't be read */
  check(): void
}

export function queryReader(query: unknown): QueryReader {
  const invalid: FieldErrors = {}
  return {
    read(name, parse) {
      const given: unknown = Reflect.get(Object(query), name)
      if (given === undefined) return undefined
      // One that comes twice is a list.
      const text = typeof given === 'string' ? strip(given) : undefined
      if (text === '') return undefined
      const parsed = text === undefined ? { refusal: 'Not a valid string.' } : parse(text)
      if ('value' in parsed) return parsed.value
      invalid[name] = [parsed.refusal]
      return undefined
    },
    check() {
      if (Object.keys(invalid).length > 0) throw errors.invalidFields(invalid)
    }
  }
}

const INTEGER = /^\d{1,15}$/

/** A whole number of at least 1, in Django REST Framework's sentences. @param max undefined for as large as there are */
export const integer =
  (max?: number): Parse<number> =>
  (text) => {
    if (!INTEGER.test(text)) return { refusal: 'A valid integer is required.' }
    const value = Number(text)
    if (value < 1) return { refusal: 'Ensure this value is greater than or equal to 1.' }
    if (max !== undefined && value > max)
      return { refusal: `Ensure this value is less than or equal to ${max}.` }
    return { value }
  }

/** How many results a page of a list has, as `pageParameters` say. */
export const readLimit = (reader: QueryReader): number =>
  reader.read('limit', integer(PAGE_LENGTH.maximum)) ?? PAGE_LENGTH.default

export const textOf =
  (maxLength: number): Parse<string> =>
  (text) => {
    if (text.includes('\0')) return { refusal: 'Null characters are not allowed.' }
    return text.length <= maxLength
      ? { value: text }
      : { refusal: `Ensure this field has no more than ${maxLength} characters.` }
  }

export const choiceOf =
  <Choice extends string>(choices: readonly Choice[]): Parse<Choice> =>
  (text) => {
    const value = choices.find((one) => one === text)
    return value === undefined
      ? { refusal: `"${text.slice(0, 100).toWellFormed()}" is not a valid choice.` }
      : { value }
  }
