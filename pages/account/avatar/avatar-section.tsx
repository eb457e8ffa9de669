import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Client, User } from '../../../client/create-client.ts'
import { Notice } from '../../shared/components/notice.tsx'
import './avatar.css'
import { hasFiles, useArrivingFiles } from './arriving-files.ts'
import { AvatarPicture } from './avatar-picture.tsx'
import { canTakePhotos, hasCameraApp } from './camera/camera-abilities.ts'
import type { CameraDialog } from './camera/camera-dialog.tsx'
import type { CropDialog } from './crop/crop-dialog.tsx'
import { useAvatarMessages } from './language/use-avatar-messages.ts'
import { RemoveDialog } from './remove-dialog.tsx'

export interface AvatarSectionProps {
  client: Client
  /** As `profile()` or an update answered them: their picture changes only if it is still this one. */
  user: User
  /** Told what the service answered. */
  onUser(user: User): void
}

/** A dialogue, with what was loaded for it. */
type Opened =
  | { kind: 'crop'; file: File; Shown: typeof CropDialog }
  | { kind: 'camera'; Shown: typeof CameraDialog }
  | { kind: 'remove' }

type Said = { kind: 'success' | 'error'; sentence: string }

/** The user's picture, and all ways to another one. */
export function AvatarSection({ client, user, onUser }: AvatarSectionProps) {
  const messages = useAvatarMessages()
  const [opened, setOpened] = useState<Opened>()
  const [isLoading, setLoading] = useState(false)
  const [said, setSaid] = useState<Said>()
  const chooser = useRef<HTMLInputElement>(null)
  const cameraApp = useRef<HTMLInputElement>(null)
  const chooseButton = useRef<HTMLButtonElement>(null)
  const close = () => setOpened(undefined)
  // What opened the dialogue may be gone, or was no button.
  useEffect(() => {
    if (!opened && said && document.activeElement === document.body) chooseButton.current?.focus()
  }, [opened])

  /** Opens a dialogue whose code may have to be fetched first. */
  const open = async (load: () => Promise<Opened>) => {
    setSaid(undefined)
    setLoading(true)
    try {
      setOpened(await load())
    } catch {
      setSaid({ kind: 'error', sentence: messages.notLoaded })
    } finally {
      setLoading(false)
    }
  }
  const take = (files: readonly File[]) => {
    const file = files.find(mayBePicture)
    if (file) return void open(async () => ({ kind: 'crop', file, Shown: (await loadCrop()).CropDialog }))
    const [other] = files
    if (other) setSaid({ kind: 'error', sentence: messages.notPicture(other.name) })
  }
  const latestTake = useRef(take)
  latestTake.current = take
  const isDragging = useArrivingFiles(useCallback((files) => latestTake.current(files), []))

  const pick = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement
    take([...(input.files ?? [])])
    // The same file can be chosen once more.
    input.value = ''
  }
  const startCamera = () => {
    if (canTakePhotos()) void open(async () => ({ kind: 'camera', Shown: (await loadCamera()).CameraDialog }))
    else cameraApp.current?.click()
  }
  const useCameraApp = () => {
    close()
    cameraApp.current?.click()
  }
  const finish = (sentence: string) => {
    close()
    setSaid({ kind: 'success', sentence })
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files are dropped on it, which the buttons in it do for keys
    <div
      class={isDragging ? 'avatar dragging' : 'avatar'}
      onDragOver={(event) => {
        if (hasFiles(event)) event.preventDefault()
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        take([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <div class="avatar-place" aria-busy={isLoading || undefined}>
        <AvatarPicture user={user} />
        {isDragging && <span class="avatar-drop">{messages.dropHere}</span>}
      </div>
      <div class="avatar-ways">
        <div class="avatar-buttons">
          <button type="button" ref={chooseButton} onClick={() => chooser.current?.click()}>
            {messages.choosePicture}
          </button>
          {(canTakePhotos() || hasCameraApp()) && (
            <button type="button" class="secondary" onClick={startCamera}>
              {messages.takePhoto}
            </button>
          )}
          {user.avatar && (
            <button type="button" class="outline secondary" onClick={() => setOpened({ kind: 'remove' })}>
              {messages.removePicture}
            </button>
          )}
        </div>
        <small class="for-mouse">{messages.dropHint}</small>
        <input ref={chooser} type="file" accept="image/*" hidden onChange={pick} />
        <input ref={cameraApp} type="file" accept="image/*" capture="user" hidden onChange={pick} />
        {said?.kind === 'error' && <Notice kind="error">{said.sentence}</Notice>}
        <div role="status">{said?.kind === 'success' && <p class="notice success">{said.sentence}</p>}</div>
      </div>

      {opened?.kind === 'crop' && (
        <opened.Shown
          client={client}
          user={user}
          onUser={onUser}
          file={opened.file}
          onSaved={() => finish(messages.pictureSaved)}
          onClose={close}
        />
      )}
      {opened?.kind === 'camera' && (
        <opened.Shown
          onPhoto={(photo) => take([photo])}
          onClose={close}
          onCameraApp={hasCameraApp() ? useCameraApp : undefined}
        />
      )}
      {opened?.kind === 'remove' && (
        <RemoveDialog
          client={client}
          user={user}
          onUser={onUser}
          onRemoved={() => finish(messages.pictureRemoved)}
          onClose={close}
        />
      )}
    </div>
  )
}

const loadCrop = () => import('./crop/crop-dialog.tsx')
const loadCamera = () => import('./camera/camera-dialog.tsx')

/** Some systems know no type of a picture's file. */
const mayBePicture = ({ type }: File) => type === '' || type.startsWith('image/')
