export interface Progress {
  sentBytes: number
  totalBytes: number
}

/** Told as a body goes out; the last time with all of it. */
export type OnProgress = (progress: Progress) => void

export interface SendOptions {
  onProgress?: OnProgress | undefined
  /** Ends the upload. */
  signal?: AbortSignal | undefined
}

/**
 * Sends a request, and tells of its progress.
 * @param request that has the form for its body
 * @throws what `fetch` does, or an event where there is no answer
 */
export type SendWithProgress = (
  request: Request,
  form: FormData,
  onProgress: OnProgress,
  fetch: (request: Request) => Promise<Response>
) => Promise<Response>
