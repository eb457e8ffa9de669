/** What a move leaves in a database that it came from, or is on its way to. */
export interface MigrationMark {
  state: 'arriving' | 'moved'
  /** The other database, for people. */
  other: string
}

/** Why a service must not use a database that is marked. */
export const describeMark = ({ state, other }: MigrationMark): string =>
  state === 'moved'
    ? `everything in it was moved to ${other} by "migrate-store"; --reopen takes that back`
    : `it holds a part of ${other}: "migrate-store" is not finished; run it again`
