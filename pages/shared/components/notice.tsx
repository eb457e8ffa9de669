import type { ComponentChildren } from 'preact'

/** A sentence about the whole: what failed is said at once, what went well when the screen reader has a moment. */
export function Notice({
  kind,
  children
}: {
  kind: 'error' | 'success' | 'info'
  children: ComponentChildren
}) {
  return (
    <p class={`notice ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      {children}
    </p>
  )
}
