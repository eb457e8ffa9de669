import { useState } from 'preact/hooks'
import { type Loaded, useLoaded } from './use-loaded.ts'

/** A page of a list, as the service answers it. */
export interface Page<Row> {
  results: readonly Row[]
  /** Where the next one goes on; null where there is none. */
  next: string | null
}

/** Where somebody is in a list, so that they find it again when they come back to it. */
export interface Place<Row> {
  /** Which list. */
  key: string
  /** Where each page after the first goes on, up to the one that is shown. */
  cursors: string[]
  page: Page<Row> | undefined
}

export const createPlace = <Row>(): Place<Row> => ({ key: '', cursors: [], page: undefined })

export interface Pages<Row> extends Loaded<Page<Row>> {
  /** From 0. */
  number: number
  turnTo(number: number): void
}

/**
 * A list by pages. Another `key` is another list, which begins with its first page.
 * @param place is kept up to date
 */
export function usePages<Row>(
  place: Place<Row>,
  key: string,
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>
): Pages<Row> {
  const [, setTurns] = useState(0)
  if (place.key !== key) Object.assign(place, { key, cursors: [] })
  const cursor = place.cursors.at(-1)
  const loaded = useLoaded(
    [key, cursor],
    async (signal) => {
      const page = await load(cursor, signal)
      if (!signal.aborted) place.page = page
      return page
    },
    () => place.page
  )
  return {
    ...loaded,
    number: place.cursors.length,
    turnTo(number) {
      const next = loaded.data?.next
      if (number < place.cursors.length) place.cursors.length = Math.max(number, 0)
      else if (next) place.cursors.push(next)
      setTurns((turns) => turns + 1)
      scrollTo(0, 0)
    }
  }
}
