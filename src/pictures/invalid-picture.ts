/** The bytes are no picture, not a whole one, or over a limit; `sentence` says so to their sender. */
export class InvalidPictureError extends Error {
  readonly sentence: string

  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'InvalidPictureError'
    this.sentence = sentence
  }
}

/** Why a picture is refused, each in a sentence of its own. */
export const invalidPicture = {
  /** Django REST Framework's sentence. */
  unreadable: (cause?: unknown) =>
    new InvalidPictureError(
      'Upload a valid image. The file you uploaded was either not an image or a corrupted image.',
      { cause }
    ),
  /** @param taken such as `JPEG, PNG or WebP` */
  unsupported: (taken: string) =>
    new InvalidPictureError(`This kind of image is not supported. Upload a ${taken} file.`),
  tooManyPixels: (max: number) => new InvalidPictureError(`Ensure the image has no more than ${max} pixels.`),
  tooManyFrames: (max: number) => new InvalidPictureError(`Ensure the image has no more than ${max} frames.`),
  tooSlow: (seconds: number) =>
    new InvalidPictureError(
      `Ensure the image can be read within ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
    )
}
