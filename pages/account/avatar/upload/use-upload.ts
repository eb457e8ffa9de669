import { useEffect, useRef, useState } from 'preact/hooks'
import type { Client, User } from '../../../../client/create-client.ts'
import type { Progress } from '../../../../client/progress.ts'
import { saveAvatar } from './save-avatar.ts'

/** How it is with a picture on its way. */
export type UploadState =
  | { kind: 'none' | 'stopped' | 'overtaken' }
  | ({ kind: 'sending' } & Progress)
  | { kind: 'failed'; error: unknown }

export interface Upload {
  state: UploadState
  isSending: boolean
  /** Sends one at a time, however often it is called. @param make the file that is sent */
  send(make: () => Blob | Promise<Blob>): void
  /** Ends it; what was sent is dropped. */
  stop(): void
}

interface UploadOptions {
  client: Client
  user: User
  /** Told what the service answered. */
  onUser(user: User): void
  onSaved(): void
}

export function useUpload({ client, user, onUser, onSaved }: UploadOptions): Upload {
  const [state, setState] = useState<UploadState>({ kind: 'none' })
  const underWay = useRef<AbortController>(null)
  useEffect(() => () => underWay.current?.abort(), [])

  async function run(make: () => Blob | Promise<Blob>): Promise<void> {
    if (underWay.current) return
    const abort = new AbortController()
    underWay.current = abort
    let progress: Progress = { sentBytes: 0, totalBytes: 1 }
    const onProgress = (next: Progress) => {
      progress = next
      setState({ kind: 'sending', ...next })
    }
    onProgress(progress)
    try {
      const file = await make()
      abort.signal.throwIfAborted()
      const outcome = await saveAvatar(client, file, { basedOn: user, signal: abort.signal, onProgress })
      onUser(outcome.user)
      setState({ kind: outcome.kind === 'saved' ? 'none' : 'overtaken' })
      if (outcome.kind === 'saved') onSaved()
    } catch (error) {
      setState(abort.signal.aborted ? { kind: 'stopped' } : { kind: 'failed', error })
      // It may be there all the same: whoever stops it so late sees what there is.
      if (abort.signal.aborted && isAllSent(progress)) client.profile().then(onUser, () => {})
    } finally {
      underWay.current = null
    }
  }

  return {
    state,
    isSending: state.kind === 'sending',
    send: (make) => void run(make),
    stop: () => underWay.current?.abort()
  }
}

export const isAllSent = ({ sentBytes, totalBytes }: Progress) => sentBytes >= totalBytes
