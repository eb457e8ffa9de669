import { signal } from '../signal.ts'

export const LANGUAGES = { en: 'English', es: 'Español' } as const

export type Language = keyof typeof LANGUAGES

const KEY = 'fastify-user-profile.language'

const isLanguage = (text: string | null): text is Language => text !== null && Object.hasOwn(LANGUAGES, text)

/** The one that was chosen here, or else the first of the browser's that there is. */
function findLanguage(): Language {
  const chosen = localStorage.getItem(KEY)
  if (isLanguage(chosen)) return chosen
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

/** The language that the page speaks. */
export const language = signal<Language>(findLanguage())

export function chooseLanguage(next: Language): void {
  localStorage.setItem(KEY, next)
  language.set(next)
}
