import { useState } from 'preact/hooks'
import type { User } from '../../shared/client.ts'
import { Section } from '../components/section.tsx'
import { useAccountMessages } from '../language/use-account-messages.ts'
import { DeletionDialog } from './deletion-dialog.tsx'

/** The end of an account. */
export function DeletionSection({ user }: { user: User }) {
  const messages = useAccountMessages()
  const [isAsking, setAsking] = useState(false)
  return (
    <Section title={messages.deleteAccount} note={messages.deleteNote}>
      <div class="buttons">
        <button type="button" class="outline danger" onClick={() => setAsking(true)}>
          {messages.deleteOpen}
        </button>
      </div>
      {isAsking && <DeletionDialog user={user} onClose={() => setAsking(false)} />}
    </Section>
  )
}
