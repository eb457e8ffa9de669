import { LanguageChoice } from '../shared/components/language-choice.tsx'
import { show } from '../shared/show.tsx'

show(
  () => (
    <main class="container">
      <LanguageChoice />
      <h1>Administration</h1>
    </main>
  ),
  { en: 'Administration', es: 'Administración' }
)
