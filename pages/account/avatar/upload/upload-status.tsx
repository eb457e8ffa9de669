import { useMemo } from 'preact/hooks'
import { Notice } from '../../../shared/components/notice.tsx'
import { useAvatarMessages } from '../language/use-avatar-messages.ts'
import { explainUpload } from './explain-upload.ts'
import { isAllSent, type UploadState } from './use-upload.ts'

/** Percents after which a screen reader is told again. */
const TOLD_PERCENT = 25

/** How far a picture on its way is, and why it did not get there. */
export function UploadStatus({ state }: { state: UploadState }) {
  const messages = useAvatarMessages()
  const sentence = useMemo(
    () => (state.kind === 'failed' ? explainUpload(state.error, messages) : undefined),
    [state, messages]
  )
  const isSending = state.kind === 'sending'
  const isWorking = isSending && isAllSent(state)
  const percent = isSending ? Math.floor((state.sentBytes / state.totalBytes) * 100) : 0
  const shown = isWorking ? messages.working : messages.sent(percent)
  const told = isWorking ? messages.working : messages.sent(percent - (percent % TOLD_PERCENT))
  return (
    <div class="upload-status">
      {sentence && <Notice kind="error">{sentence}</Notice>}
      {state.kind === 'overtaken' && <Notice kind="error">{messages.replacedElsewhere}</Notice>}
      {isSending && (
        <div class="upload-progress">
          <progress max="100" value={isWorking ? undefined : percent} aria-label={messages.sending} />
          <span aria-hidden="true">{shown}</span>
        </div>
      )}
      <div role="status">
        {isSending && <span class="visually-hidden">{told}</span>}
        {state.kind === 'stopped' && <p class="notice info">{messages.stopped}</p>}
      </div>
    </div>
  )
}
