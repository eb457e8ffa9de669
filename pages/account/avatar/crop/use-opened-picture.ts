import { useEffect, useState } from 'preact/hooks'
import { isAnimated } from './is-animated.ts'
import { type OpenedPicture, openPicture } from './open-picture.ts'

/** Undefined until it is known how it is. */
export type Opening =
  | { kind: 'shown'; picture: OpenedPicture; moves: boolean }
  | { kind: 'not-shown' }
  | undefined

/** A file as the browser shows it, forgotten when it is no longer needed. */
export function useOpenedPicture(file: File): Opening {
  const [opening, setOpening] = useState<Opening>()
  useEffect(() => {
    let isClosed = false
    let picture: OpenedPicture | undefined
    void open()
    return () => {
      isClosed = true
      picture?.close()
    }

    async function open(): Promise<void> {
      try {
        const [opened, moves] = await Promise.all([openPicture(file), isAnimated(file)])
        if (isClosed) return opened.close()
        picture = opened
        setOpening({ kind: 'shown', picture, moves })
      } catch {
        // It is no picture, or of a kind that this browser doesn't know.
        if (!isClosed) setOpening({ kind: 'not-shown' })
      }
    }
  }, [file])
  return opening
}
