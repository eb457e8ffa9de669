import { messagesOf } from '../../shared/language/use-messages.ts'
import { en } from './en.ts'
import { es } from './es.ts'

/** What the account page says, in the page's language. */
export const useAccountMessages = messagesOf({ en, es })
