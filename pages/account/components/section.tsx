import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface SectionProps {
  title: string
  /** What it is for. */
  note?: string
  children: ComponentChildren
}

/** A part of the page, which screen readers can go to by its name. */
export function Section(props: SectionProps) {
  const id = useId()
  return (
    <section class="part" aria-labelledby={id}>
      <Part id={id} {...props} />
    </section>
  )
}

/** The same around what is a section with a name by itself. */
export const SectionFrame = (props: SectionProps) => (
  <div class="part">
    <Part {...props} />
  </div>
)

const Part = ({ id, title, note, children }: SectionProps & { id?: string }) => (
  <>
    <header>
      <h2 id={id}>{title}</h2>
      {note && <p class="note">{note}</p>}
    </header>
    <article>{children}</article>
  </>
)
