import { messagesOf } from '../../../shared/language/use-messages.ts'
import { en } from './en.ts'
import { es } from './es.ts'

/** What the picture's part of the page says, with what both pages do. */
export const useAvatarMessages = messagesOf({ en, es })
