import type { MovableRow, MovableTable } from './movable-tables.ts'

/** What a database keeps beside its rows. */
export interface DatabaseFacts {
  /** The highest id that a user ever had: it is not given again. */
  lastUserId: number
  /** By which rule the keys of names were made. */
  nameKeyRule: number
}

/** A row that the target can't hold. Nothing that the service writes is one; somebody's own SQL may be. */
export interface UnfitRow {
  table: string
  /** Its key's columns; texts that are no Unicode with marks in the place of what is none. */
  key: readonly string[]
  column: string
  reason: string
}

/** Rows as they are at one instant. Those that are unfit, and what belongs to them, are left out. */
export interface RowView {
  count(table: MovableTable): Promise<number>
  /** All rows of a table in the order of `compareKeys`, some at a time. Tables are read one after the other. */
  read(table: MovableTable): AsyncIterable<MovableRow[]>
  /** The rows of some keys, in no order. */
  find(table: MovableTable, keys: readonly MovableRow[]): Promise<MovableRow[]>
  /** What rows name as their pictures, each once, some at a time. */
  readAvatars(): AsyncIterable<string[]>
  facts(): Promise<DatabaseFacts>
  /** Those that were met so far, a thousand at most; `more` says how many there were beyond. */
  unfit(): { rows: readonly UnfitRow[]; more: number }
  close(): Promise<void>
}

/** A view in which nobody else can write, until it is closed. */
export interface LockedView extends RowView {
  /** Ends the view, and all writing with it: from that moment on the database refuses whatever would change a row. */
  seal(movedTo: string): Promise<void>
}

/** The database that rows come from. Nothing in it is changed before the seal. */
export interface MigrationSource {
  /** For people: without a password. */
  label: string
  openView(): Promise<RowView>
  /** @throws {MigrationRefused} where others kept writing for too long */
  lock(signal: AbortSignal): Promise<LockedView>
  /** Where its rows have gone; undefined where it is in use. */
  movedTo(): Promise<string | undefined>
  /** Takes a seal away. False where there is none. */
  unseal(): Promise<boolean>
  close(): Promise<void>
}

/** The database that rows go to. */
export interface MigrationTarget {
  label: string
  /**
   * Makes the schema where there is none, and keeps everybody else from writing until `finish`; also services that start
   * meanwhile. A target that is claimed for the same source already is taken up where it was left.
   * @returns false where it is in use
   * @throws {MigrationRefused} where it holds rows of something else
   */
  claim(source: string): Promise<boolean>
  count(table: MovableTable): Promise<number>
  /** As they are at the call. */
  read(table: MovableTable): AsyncIterable<MovableRow[]>
  insert(table: MovableTable, rows: readonly MovableRow[]): Promise<void>
  /** What belongs to the rows goes with them. */
  remove(table: MovableTable, keys: readonly MovableRow[]): Promise<void>
  facts(): Promise<DatabaseFacts>
  /** Sets the facts and lets everybody write, in one step that survives a power cut. */
  finish(facts: DatabaseFacts): Promise<void>
  close(): Promise<void>
}
