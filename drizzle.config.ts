import { defineConfig } from 'drizzle-kit'

/** SQLite's migrations; of PostgreSQL's, `drizzle.postgres.config.ts`. */
export default defineConfig({
  dialect: 'sqlite',
  schema: './src/stores/sqlite/schema.ts',
  out: './drizzle/sqlite'
})
