import type { SendWithProgress } from './progress.ts'

/** What of XMLHttpRequest is used here: nobody has to have the types of browsers. */
interface Xhr {
  open(method: string, url: string): void
  setRequestHeader(name: string, value: string): void
  getResponseHeader(name: string): string | null
  abort(): void
  send(body: FormData): void
  upload: { onprogress: (event: { loaded: number; total: number }) => void }
  onload: () => void
  onerror: (event: unknown) => void
  onabort: (event: unknown) => void
  readonly status: number
  readonly responseText: string
}

declare const XMLHttpRequest: new () => Xhr

export const hasXhr = () => typeof XMLHttpRequest !== 'undefined'

/** By XMLHttpRequest: browsers' fetch can't tell how far it is. */
export const sendByXhr: SendWithProgress = ({ url, method, headers, signal }, form, onProgress) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(method, url)
    // The type is the form's, with a boundary of the browser's.
    headers.delete('content-type')
    for (const [name, value] of headers) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = ({ loaded, total }) => onProgress({ sentBytes: loaded, totalBytes: total })
    xhr.onerror = xhr.onabort = reject
    xhr.onload = () => {
      const headers = new Headers()
      for (const name of ['etag', 'retry-after']) headers.set(name, xhr.getResponseHeader(name) ?? '')
      resolve(new Response(xhr.responseText, { status: xhr.status, headers }))
    }
    signal.onabort = () => xhr.abort()
    xhr.send(form)
  })
