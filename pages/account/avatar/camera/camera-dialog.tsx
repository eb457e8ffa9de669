import { useEffect, useRef, useState } from 'preact/hooks'
import { Dialog } from '../../../shared/components/dialog.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import type { AvatarMessages } from '../language/en.ts'
import { useAvatarMessages } from '../language/use-avatar-messages.ts'
import './camera.css'
import { CameraChoice } from './camera-choice.tsx'
import { takePhoto } from './take-photo.ts'
import { type CameraFault, useCamera } from './use-camera.ts'
import { usePhoto } from './use-photo.ts'

export interface CameraDialogProps {
  onPhoto(photo: File): void
  onClose(): void
  /** Opens the device's own camera app, where there is one. */
  onCameraApp?: (() => void) | undefined
}

const sentences: Record<CameraFault, (messages: AvatarMessages) => string> = {
  refused: (messages) => messages.cameraRefused,
  missing: (messages) => messages.cameraMissing,
  busy: (messages) => messages.cameraBusy,
  lost: (messages) => messages.cameraLost
}

/** Shows what a camera sees, and takes a photo. The camera is off once one is taken. */
export function CameraDialog({ onPhoto, onClose, onCameraApp }: CameraDialogProps) {
  const messages = useAvatarMessages()
  const video = useRef<HTMLVideoElement>(null)
  const { photo, url, setPhoto } = usePhoto()
  const [wanted, setWanted] = useState<string>()
  const [attempt, setAttempt] = useState(1)
  const [isReady, setReady] = useState(false)
  const { camera, cameras } = useCamera(!photo, wanted, attempt)
  const stream = camera.kind === 'live' ? camera.stream : undefined
  useEffect(() => {
    setReady(false)
    if (video.current) video.current.srcObject = stream ?? null
  }, [stream])

  const take = async () => {
    if (video.current && isReady) setPhoto(await takePhoto(video.current))
  }
  const main = photo ? (
    <>
      <button type="button" class="secondary" onClick={() => setPhoto(undefined)}>
        {messages.retake}
      </button>
      <button type="button" onClick={() => onPhoto(photo)}>
        {messages.usePhoto}
      </button>
    </>
  ) : camera.kind === 'failed' ? (
    <button type="button" onClick={() => setAttempt(attempt + 1)}>
      {messages.tryAgain}
    </button>
  ) : (
    <button type="button" disabled={!isReady} onClick={take}>
      {messages.takeIt}
    </button>
  )
  const footer = (
    <div class="camera-buttons">
      {onCameraApp && (
        <button type="button" class="outline secondary" onClick={onCameraApp}>
          {messages.cameraApp}
        </button>
      )}
      <button type="button" class="secondary" onClick={onClose}>
        {messages.cancel}
      </button>
      {main}
    </div>
  )
  return (
    <Dialog title={messages.cameraTitle} closeLabel={messages.close} onClose={onClose} footer={footer}>
      {camera.kind === 'failed' ? (
        <Notice kind="error">{sentences[camera.fault](messages)}</Notice>
      ) : (
        <div class="camera-view">
          {url ? (
            <img src={url} alt={messages.photoTaken} />
          ) : (
            <video
              ref={video}
              class={isMirrored(stream) ? 'mirrored' : ''}
              autoplay
              muted
              playsInline
              aria-label={messages.cameraPreview}
              onPlaying={() => setReady(true)}
            />
          )}
          {!url && !isReady && (
            <p class="camera-waiting" aria-busy="true">
              {messages.cameraStarting}
            </p>
          )}
        </div>
      )}
      {!photo && <CameraChoice {...cameras} onChoice={setWanted} />}
      <span class="visually-hidden" role="status">
        {photo ? messages.photoTaken : isReady ? messages.cameraPreview : ''}
      </span>
    </Dialog>
  )
}

/** People know themselves from mirrors. The photo is as others see them. */
const isMirrored = (stream: MediaStream | undefined) =>
  stream?.getVideoTracks()[0]?.getSettings().facingMode !== 'environment'
