import type { ClientBase } from 'pg'
import { describeMark, type MigrationMark } from '../../migration/migration-mark.ts'
import { MOVABLE_TABLES } from '../../migration/movable-tables.ts'

interface Queries {
  query(text: string, values?: readonly unknown[]): Promise<unknown>
}

/** Set in a connection that may write all the same. */
const PASS = 'store_migration.mover'

/** Undefined where there is none: the database is the services'. */
export async function findMark(client: {
  query(text: string): Promise<(string | null)[][]>
}): Promise<MigrationMark | undefined> {
  const [[table] = []] = await client.query("SELECT to_regclass('store_migration')")
  if (!table) return undefined
  const [[state, other] = []] = await client.query('SELECT state, other FROM store_migration')
  return { state: state === 'moved' ? 'moved' : 'arriving', other: other ?? '' }
}

/**
 * Within the open transaction: notes the move, and keeps everybody from writing rows who has no pass, with an error that
 * says that the server doesn't take writes now (`read_only_sql_transaction`).
 */
export async function setMark(client: Queries, { state, other }: MigrationMark): Promise<void> {
  await client.query('CREATE TABLE store_migration (state text NOT NULL, other text NOT NULL)')
  await client.query('INSERT INTO store_migration VALUES ($1, $2)', [state, other])
  await client.query(`
    CREATE FUNCTION store_migration_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF current_setting('${PASS}', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'a move of this database is not finished, or has taken its rows elsewhere'
          USING ERRCODE = 'read_only_sql_transaction';
      END IF;
      RETURN NULL;
    END $$`)
  for (const { name } of MOVABLE_TABLES)
    await client.query(
      `CREATE TRIGGER store_migration_guard BEFORE INSERT OR UPDATE OR DELETE ON ${name}
       FOR EACH STATEMENT EXECUTE FUNCTION store_migration_guard()`
    )
}

/** Within the open transaction. */
export async function clearMark(client: Queries): Promise<void> {
  for (const { name } of MOVABLE_TABLES)
    await client.query(`DROP TRIGGER IF EXISTS store_migration_guard ON ${name}`)
  await client.query('DROP FUNCTION IF EXISTS store_migration_guard()')
  await client.query('DROP TABLE IF EXISTS store_migration')
}

export const takePass = (client: Queries) => client.query(`SET ${PASS} = 'on'`)

/** Why no service may use the database: it is on a move, or was moved away. Undefined where it may. */
export async function describeMarkOf(client: ClientBase): Promise<string | undefined> {
  const query = async (text: string) =>
    (await client.query<(string | null)[]>({ text, rowMode: 'array' })).rows
  const mark = await findMark({ query })
  return mark && describeMark(mark)
}
