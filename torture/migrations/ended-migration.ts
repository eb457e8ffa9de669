// Opens a database as the service does, and ends itself by SIGKILL right before one of the statements that it runs, or once
// all are run. Arguments: the database's file, and the statement's number.
import Database from 'better-sqlite3'
import { openDatabase } from '../../src/stores/sqlite/open-database.ts'

const [path = '', number = ''] = process.argv.slice(2)
let left = Number(number)

function count(): void {
  if (left-- === 0) process.kill(process.pid, 'SIGKILL')
}

/** Before each call of a method that runs a statement. */
function countCalls(prototype: object, names: string[]): void {
  for (const name of names) {
    const original: unknown = Reflect.get(prototype, name)
    if (typeof original !== 'function') throw new Error(`better-sqlite3 has no ${name}`)
    Reflect.set(prototype, name, function counted(this: unknown, ...args: unknown[]) {
      count()
      return Reflect.apply(original, this, args)
    })
  }
}

const memory = new Database(':memory:')
countCalls(Object.getPrototypeOf(memory.prepare('select 1')), ['run', 'get', 'all'])
countCalls(Database.prototype, ['exec', 'pragma'])
memory.close()

openDatabase(path, { busyTimeoutMs: 5000, cacheKib: 1024 })
process.stdout.write('migrated\n')
count()
