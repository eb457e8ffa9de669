import { type ComponentChild, render } from 'preact'
import './style.css'
import { language } from './language/language.ts'

/** Puts a page on the screen, and keeps the document's language and title what the page's are. */
export function show(Page: () => ComponentChild, titles: Record<'en' | 'es', string>): void {
  function Root() {
    const current = language.use()
    document.documentElement.lang = current
    document.title = titles[current]
    return <Page />
  }
  const place = document.querySelector('#page')
  if (place) render(<Root />, place)
}
