import { signal } from '../../shared/signal.ts'

/** What came of an act, until the next one or until something else is looked at. */
export interface Announcement {
  kind: 'success' | 'error'
  text: string
}

export const announcement = signal<Announcement | undefined>(undefined)

export const announce = (text: string, kind: Announcement['kind'] = 'success'): void =>
  announcement.set({ kind, text })
