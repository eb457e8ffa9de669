import type { NamedUser } from '../admin/admin-store.ts'

/** Where a page of keys in the order of their bytes begins: at the first one that has the prefix, or after one. */
export interface NameRange {
  from: string
  /** Whether `from` itself is left out. */
  isAfter: boolean
}

/** @param prefix well-formed, as stored keys are */
export function nameRange(prefix: string, after: string | undefined): NameRange {
  // Somebody else's cursor may be from before all that is looked for.
  const isAfter = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0
  return { from: isAfter ? after : prefix, isAfter }
}

/** Of users in the order of their keys those that have the prefix: the others come after all of them. */
export const withPrefix = (found: NamedUser[], prefix: string): NamedUser[] =>
  found.filter(({ key }) => key.startsWith(prefix))
