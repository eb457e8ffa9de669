/** The bytes are no picture, not a whole one, or too large a one; `sentence` says so to their sender. */
export class InvalidPictureError extends Error {
  readonly sentence: string

  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'InvalidPictureError'
    this.sentence = sentence
  }
}
