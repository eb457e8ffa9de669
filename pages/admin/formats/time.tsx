import { useFormats } from './formats.ts'

/** A time as people read it; the whole of it where one points at it. */
export function Time({ at, dateOnly = false }: { at: string; dateOnly?: boolean }) {
  const formats = useFormats()
  return (
    <time dateTime={at} title={formats.time(at)}>
      {dateOnly ? formats.date(at) : formats.time(at)}
    </time>
  )
}
