import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface SectionProps {
  title: string
  /** What it is for. */
  note?: string
  children: ComponentChildren
}

/** A part of the page, which screen readers can go to by its name. */
export function Section({ title, note, children }: SectionProps) {
  const id = useId()
  return (
    <section class="part" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note && <p class="note">{note}</p>}
      </header>
      <article>{children}</article>
    </section>
  )
}
