import { chooseLanguage, LANGUAGES, type Language, language } from '../language/language.ts'
import { useMessages } from '../language/use-messages.ts'

/** The languages that the page speaks, each by its own name. */
export function LanguageChoice() {
  const messages = useMessages()
  const current = language.use()
  return (
    <select
      class="language"
      aria-label={messages.language}
      value={current}
      onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </select>
  )
}
