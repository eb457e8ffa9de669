import { Notice } from '../../shared/components/notice.tsx'
import { explain } from '../../shared/explain.ts'
import { useAdminMessages } from '../language/messages.ts'

/** Why something could not be loaded, and another try. */
export function Failure({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const messages = useAdminMessages()
  const { sentence, fields } = explain(error, messages)
  return (
    <Notice kind="error">
      {sentence ?? Object.values(fields).flat().join(' ')}{' '}
      <button type="button" class="link" onClick={onRetry}>
        {messages.tryAgain}
      </button>
    </Notice>
  )
}
