import { en, type Messages } from './en.ts'
import { es } from './es.ts'
import { type Language, language } from './language.ts'

const SHARED: Record<Language, Messages> = { en, es }

/** What both pages say, in the page's language. */
export const useMessages = (): Messages => SHARED[language.use()]

/** The same with what one page says besides. */
export const messagesOf =
  <Own extends object>(own: Record<Language, Own>) =>
  (): Messages & Own => {
    const current = language.use()
    return { ...SHARED[current], ...own[current] }
  }
