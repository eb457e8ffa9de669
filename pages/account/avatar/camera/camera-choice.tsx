import { useId } from 'preact/hooks'
import { useAvatarMessages } from '../language/use-avatar-messages.ts'
import type { Cameras } from './use-camera.ts'

interface CameraChoiceProps extends Cameras {
  onChoice(id: string): void
}

/** Which of several cameras is used; nothing where there is one. */
export function CameraChoice({ all, current, onChoice }: CameraChoiceProps) {
  const messages = useAvatarMessages()
  const fieldId = useId()
  if (all.length < 2) return null
  return (
    <div class="camera-choice">
      <label for={fieldId}>{messages.camera}</label>
      <select id={fieldId} value={current ?? ''} onChange={(event) => onChoice(event.currentTarget.value)}>
        {all.map(({ deviceId, label }, index) => (
          <option key={deviceId} value={deviceId}>
            {label || messages.cameraNumber(index + 1)}
          </option>
        ))}
      </select>
    </div>
  )
}
