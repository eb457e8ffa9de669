import { LanguageChoice } from '../shared/components/language-choice.tsx'
import { show } from '../shared/show.tsx'

show(
  () => (
    <main class="container">
      <LanguageChoice />
      <h1>Your account</h1>
    </main>
  ),
  { en: 'Your account', es: 'Tu cuenta' }
)
