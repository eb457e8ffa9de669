import { useId } from 'preact/hooks'
import { useAvatarMessages } from '../language/use-avatar-messages.ts'

interface CameraChoiceProps {
  cameras: readonly MediaDeviceInfo[]
  /** Of the one that runs. */
  id: string | undefined
  onChoice(id: string): void
}

/** Which of several cameras is used; nothing where there is one. */
export function CameraChoice({ cameras, id, onChoice }: CameraChoiceProps) {
  const messages = useAvatarMessages()
  const fieldId = useId()
  if (cameras.length < 2) return null
  return (
    <div class="camera-choice">
      <label for={fieldId}>{messages.camera}</label>
      <select id={fieldId} value={id ?? ''} onChange={(event) => onChoice(event.currentTarget.value)}>
        {cameras.map(({ deviceId, label }, index) => (
          <option key={deviceId} value={deviceId}>
            {label || messages.cameraNumber(index + 1)}
          </option>
        ))}
      </select>
    </div>
  )
}
