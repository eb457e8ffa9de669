import { messagesOf } from '../../shared/language/use-messages.ts'
import { en } from './en.ts'
import { es } from './es.ts'

/** What the page says, in its language. */
export const useAdminMessages = messagesOf({ en, es })
