import type { Client, User } from '../../../../client/create-client.ts'
import { Dialog } from '../../../shared/components/dialog.tsx'
import { settings } from '../../../shared/settings.ts'
import { useUnsaved } from '../../../shared/unsaved.ts'
import { formatBytes } from '../format-bytes.ts'
import { useAvatarMessages } from '../language/use-avatar-messages.ts'
import { UploadStatus } from '../upload/upload-status.tsx'
import { useUpload } from '../upload/use-upload.ts'
import './crop.css'
import { useState } from 'preact/hooks'
import { CropEditor } from './crop-editor.tsx'
import { useOpenedPicture } from './use-opened-picture.ts'

export interface CropDialogProps {
  client: Client
  user: User
  onUser(user: User): void
  /** What was chosen. */
  file: File
  onSaved(): void
  onClose(): void
}

/** A chosen picture is cropped here, or not, and sent. */
export function CropDialog({ client, user, onUser, file, onSaved, onClose }: CropDialogProps) {
  const messages = useAvatarMessages()
  const opening = useOpenedPicture(file)
  const { state, isSending, send, stop } = useUpload({ client, user, onUser, onSaved })
  // Encodes what is seen; there once the picture is.
  const [encode, setEncode] = useState<() => Promise<Blob>>()
  useUnsaved(opening?.kind === 'shown')
  const isTooLarge = file.size > settings.avatarMaxBytes
  const leave = isSending ? stop : onClose
  const sizes = [formatBytes(file.size), formatBytes(settings.avatarMaxBytes)] as const
  const sendWhole = () => send(() => file)

  const footer = (
    <>
      <UploadStatus state={state} />
      <div class="crop-buttons">
        {opening?.kind === 'shown' && !isTooLarge && (
          <button type="button" class="crop-whole outline" disabled={isSending} onClick={sendWhole}>
            {messages.wholePicture}
          </button>
        )}
        <button type="button" class="secondary" onClick={leave}>
          {isSending ? messages.stopSending : messages.cancel}
        </button>
        {opening?.kind === 'not-shown' && !isTooLarge && (
          <button type="button" aria-busy={isSending || undefined} onClick={sendWhole}>
            {messages.sendAsIs}
          </button>
        )}
        {opening?.kind === 'shown' && (
          <button
            type="button"
            aria-busy={isSending || undefined}
            disabled={!encode}
            onClick={() => encode && send(encode)}
          >
            {messages.savePicture}
          </button>
        )}
      </div>
    </>
  )
  return (
    <Dialog title={messages.cropTitle} closeLabel={messages.close} onClose={leave} footer={footer}>
      {!opening && (
        <p class="crop-opening" aria-busy="true">
          {messages.opening}
        </p>
      )}
      {opening?.kind === 'not-shown' && (
        <p>{isTooLarge ? messages.notShownTooLarge(file.name, ...sizes) : messages.notShown(file.name)}</p>
      )}
      {opening?.kind === 'shown' && (
        <>
          <CropEditor
            opened={opening.picture}
            type={file.type}
            disabled={isSending}
            onEncode={(next) => setEncode(() => next)}
          />
          <p class="crop-notes">
            {isTooLarge
              ? messages.wholeTooLarge(...sizes)
              : opening.moves
                ? messages.movesWhole
                : messages.wholeMeans}
          </p>
        </>
      )}
    </Dialog>
  )
}
