import { useEffect, useState } from 'preact/hooks'

interface TakenPhoto {
  photo: File | undefined
  /** Where it is shown from. */
  url: string | undefined
  setPhoto(photo: File | undefined): void
}

/** A photo that was taken, shown until there is another one, or none. */
export function usePhoto(): TakenPhoto {
  const [photo, setPhoto] = useState<File>()
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (!photo) return
    const shown = URL.createObjectURL(photo)
    setUrl(shown)
    return () => {
      setUrl(undefined)
      URL.revokeObjectURL(shown)
    }
  }, [photo])
  return { photo, url, setPhoto }
}
