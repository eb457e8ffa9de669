/** Keys that may be too many for the memory. */
export interface KeyList {
  add(key: string): void
  has(key: string): boolean
  /** Takes some of them out. */
  take(limit: number): string[]
  close(): void
}
