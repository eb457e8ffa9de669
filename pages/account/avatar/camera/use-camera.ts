import { useEffect, useState } from 'preact/hooks'

/** Why there is no picture of a camera. */
export type CameraFault = 'refused' | 'missing' | 'busy' | 'lost'

export type CameraState =
  | { kind: 'off' | 'starting' }
  | { kind: 'live'; stream: MediaStream }
  | { kind: 'failed'; fault: CameraFault }

/** The cameras that there are, known once one of them was started. */
export interface Cameras {
  all: readonly MediaDeviceInfo[]
  /** The id of the one that was started last. */
  current: string | undefined
}

const NO_CAMERAS: Cameras = { all: [], current: undefined }

/** What a camera gives if it can; the picture is made smaller anyway. */
const WANTED: MediaTrackConstraints = { width: { ideal: 1920 }, height: { ideal: 1080 } }

/**
 * A camera that runs while it is wanted, and at no other time.
 * @param id of the camera; undefined is the one that looks at the user, where there are several
 * @param attempt a new one starts it again
 */
export function useCamera(
  isWanted: boolean,
  id: string | undefined,
  attempt: number
): { camera: CameraState; cameras: Cameras } {
  const [camera, setState] = useState<CameraState>({ kind: 'starting' })
  const [cameras, setCameras] = useState(NO_CAMERAS)
  useEffect(() => {
    if (!isWanted) return setState({ kind: 'off' })
    let isClosed = false
    let stream: MediaStream | undefined
    setState({ kind: 'starting' })
    void start()
    return () => {
      isClosed = true
      if (stream) stop(stream)
    }

    async function start(): Promise<void> {
      try {
        const started = await navigator.mediaDevices.getUserMedia({
          video: { ...WANTED, ...(id ? { deviceId: { exact: id } } : { facingMode: 'user' }) }
        })
        if (isClosed) return stop(started)
        stream = started
        const [track] = started.getVideoTracks()
        track?.addEventListener('ended', () => !isClosed && setState({ kind: 'failed', fault: 'lost' }))
        // Their names are told only to those who may use them.
        const devices = await navigator.mediaDevices.enumerateDevices()
        if (isClosed) return
        const all = devices.filter(({ kind }) => kind === 'videoinput')
        setCameras({ all, current: track?.getSettings().deviceId })
        setState({ kind: 'live', stream: started })
      } catch (error) {
        if (!isClosed) setState({ kind: 'failed', fault: faultOf(error) })
      }
    }
  }, [isWanted, id, attempt])
  return { camera, cameras }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

function faultOf(error: unknown): CameraFault {
  const name = error instanceof DOMException || error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'busy'
}
