import { useEffect, useState } from 'preact/hooks'

/** A value that components follow. */
export interface Signal<T> {
  get(): T
  set(value: T): void
  /** The value, for a component that is drawn anew when it changes. */
  use(): T
}

export function signal<T>(initial: T): Signal<T> {
  let value = initial
  const followers = new Set<(value: T) => void>()
  return {
    get: () => value,
    set(next) {
      value = next
      for (const follow of followers) follow(next)
    },
    use() {
      const [current, setCurrent] = useState(value)
      useEffect(() => {
        const follow = (next: T) => setCurrent(() => next)
        follow(value)
        followers.add(follow)
        return () => void followers.delete(follow)
      }, [])
      return current
    }
  }
}
