import { useState } from 'preact/hooks'
import type { Client, User } from '../../../client/create-client.ts'
import { Dialog } from '../../shared/components/dialog.tsx'
import { Notice } from '../../shared/components/notice.tsx'
import { useAvatarMessages } from './language/use-avatar-messages.ts'
import { explainUpload } from './upload/explain-upload.ts'
import { removeAvatar } from './upload/save-avatar.ts'

interface RemoveDialogProps {
  client: Client
  user: User
  onUser(user: User): void
  onRemoved(): void
  onClose(): void
}

/** Asks whether the picture is to go, and takes it away. */
export function RemoveDialog({ client, user, onUser, onRemoved, onClose }: RemoveDialogProps) {
  const messages = useAvatarMessages()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  async function remove(): Promise<void> {
    if (isBusy) return
    setBusy(true)
    setProblem(undefined)
    try {
      const outcome = await removeAvatar(client, user)
      onUser(outcome.user)
      if (outcome.kind === 'overtaken' && outcome.user.avatar) setProblem(messages.removedElsewhere)
      else onRemoved()
    } catch (error) {
      setProblem(explainUpload(error, messages))
    } finally {
      setBusy(false)
    }
  }

  const footer = (
    <>
      <button type="button" class="secondary" onClick={onClose}>
        {messages.keepPicture}
      </button>
      <button type="button" class="danger" aria-busy={isBusy || undefined} onClick={remove}>
        {isBusy ? messages.removing : messages.removeIt}
      </button>
    </>
  )
  return (
    <Dialog title={messages.reallyRemove} closeLabel={messages.close} onClose={onClose} footer={footer}>
      <p>{messages.removeMeans}</p>
      {problem && <Notice kind="error">{problem}</Notice>}
    </Dialog>
  )
}
