import { createRequire } from 'node:module'
import type * as Core from 'drizzle-orm'
import type * as Driver from 'drizzle-orm/better-sqlite3'
import type * as Migrator from 'drizzle-orm/better-sqlite3/migrator'
import type * as SqliteCore from 'drizzle-orm/sqlite-core'

/**
 * Drizzle by its CommonJS build. Of its ES modules Node reads the package's 180 KB package.json again for each one, which
 * takes longer than the rest of the start.
 */
const require = createRequire(import.meta.url)

const core: typeof Core = require('drizzle-orm')
const driver: typeof Driver = require('drizzle-orm/better-sqlite3')
const migrator: typeof Migrator = require('drizzle-orm/better-sqlite3/migrator')
const sqliteCore: typeof SqliteCore = require('drizzle-orm/sqlite-core')

export const { and, desc, eq, gt, gte, inArray, is, isNotNull, isNull, lt, ne, or, Placeholder, sql } = core
export const { drizzle } = driver
export const { migrate } = migrator
export const { blob, customType, index, integer, primaryKey, sqliteTable, text } = sqliteCore
