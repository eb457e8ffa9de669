import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface SectionProps {
  title: string
  class?: string
  children: ComponentChildren
}

/** A part of the page, which screen readers can go to by its name. */
export function Section({ title, class: className, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} class={className}>
      <article>
        <h2 id={id}>{title}</h2>
        {children}
      </article>
    </section>
  )
}
