import { createRequire } from 'node:module'
import type * as Core from 'drizzle-orm'
import type * as Driver from 'drizzle-orm/node-postgres'
import type * as Migrator from 'drizzle-orm/node-postgres/migrator'
import type * as PgCore from 'drizzle-orm/pg-core'

/** Drizzle by its CommonJS build, which loads in a fraction of the time (`../sqlite/drizzle.ts` says why). */
const require = createRequire(import.meta.url)

const core: typeof Core = require('drizzle-orm')
const driver: typeof Driver = require('drizzle-orm/node-postgres')
const migrator: typeof Migrator = require('drizzle-orm/node-postgres/migrator')
const pgCore: typeof PgCore = require('drizzle-orm/pg-core')

export const {
  and,
  asc,
  desc,
  eq,
  gt,
  gte,
  inArray,
  is,
  isNotNull,
  isNull,
  lt,
  ne,
  or,
  Param,
  Placeholder,
  sql
} = core
export const { drizzle } = driver
export const { migrate } = migrator
export const {
  bigint,
  boolean,
  customType,
  index,
  integer,
  PgCustomColumn,
  PgDialect,
  pgTable,
  primaryKey,
  text,
  uuid
} = pgCore

/** Builds statements; it has no database. */
export const build = drizzle.mock()
