// Copies the write-ahead log into the database on a thread of its own. Told `copy`, it copies while the log is written
// to, until little is left; told `finish`, what is left, while nobody writes. Told `close`, it ends.
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { ServiceError } from '../../errors.ts'
import type { CheckpointAnswer, CheckpointMessage } from './checkpointer.ts'
import { isFull, translateSqliteError } from './sqlite-errors.ts'

/** So few frames that the writers may wait for them: about a millisecond's work. */
const FEW_FRAMES = 100
/** Where the log is written to faster than it can be copied, copying on would not end. */
const MAX_PASSES = 5

const database = new Database(workerData)
// The log is synced before it is copied, and the file after.
database.pragma('synchronous = NORMAL')
database.pragma('busy_timeout = 0')

function copy(): void {
  let copied = 0
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const before = copied
    copied = copyLog()
    if (copied - before < FEW_FRAMES) return
  }
}

/** Copies what no reader holds back, and says how many frames of the log are in the database now. */
function copyLog(): number {
  const [outcome] = database.pragma('wal_checkpoint(PASSIVE)') as { checkpointed: number }[]
  return outcome?.checkpointed ?? 0
}

parentPort?.on('message', (message: CheckpointMessage) => {
  if (message === 'close') {
    database.close()
    parentPort?.close()
    return
  }
  parentPort?.postMessage(attempt(message === 'copy' ? copy : copyLog))
})

/** A disk that is full, or can't be written, costs this checkpoint, not the next. */
function attempt(step: () => void): CheckpointAnswer {
  try {
    step()
    return 'done'
  } catch (error) {
    if (isFull(error)) return 'full'
    if (translateSqliteError(error) instanceof ServiceError) return 'failed'
    throw error
  }
}
