import type { Writable } from 'node:stream'
import type { AvatarRow } from '../../avatars/missing-pictures.ts'

/** `stray`: no user refers to it; `young`: neither, but one may yet; `abandoned`: an upload that nobody will finish. */
export type FileFinding = 'stray' | 'young' | 'abandoned'

interface FoundFile {
  name: string
  bytes: number
  /** Epoch milliseconds. */
  modifiedAt: number
}

export interface Report {
  file(kind: FileFinding, file: FoundFile): void
  /** A user whose picture is missing. */
  user(row: Pick<AvatarRow, 'id' | 'avatar'>): void
  /**
   * Writes the last line, and answers the exit code.
   * @param refused whether nothing was mended, against the wish, because rows and files seem not to belong together
   */
  end(refused: boolean): number
}

const FOUND = { stray: 'no user', young: 'no user yet', abandoned: 'abandoned', missing: 'no picture' }
const MENDED = { stray: 'deleted', young: 'kept', abandoned: 'deleted', missing: 'avatar taken away' }
const REFUSAL =
  'Pictures and users seem not to belong together: is the right folder mounted? Nothing was changed (--force would).'

/**
 * Writes what is found line by line, for people or as JSON, and counts it.
 * @param fix whether what is found is mended
 */
export function createReport(output: Writable, { json, fix }: { json: boolean; fix: boolean }): Report {
  const counts = { stray: 0, young: 0, abandoned: 0, missing: 0 }

  const write = (details: object, line: string[]) =>
    void output.write(json ? `${JSON.stringify(details)}\n` : `${line.join('  ').trimEnd()}\n`)
  const outcome = (kind: keyof typeof MENDED) => (fix ? MENDED[kind] : '')

  return {
    file(kind, { name, bytes, modifiedAt }) {
      counts[kind]++
      const age = `${describeAge(Date.now() - modifiedAt)} old`
      const details = { found: kind, file: name, bytes, modifiedAt: new Date(modifiedAt).toISOString() }
      write(fix ? { ...details, outcome: MENDED[kind] } : details, [
        FOUND[kind].padEnd(11),
        name.padEnd(40),
        `${bytes} bytes`.padStart(14),
        age.padStart(14),
        outcome(kind)
      ])
    },

    user({ id, avatar }) {
      counts.missing++
      const details = { found: 'missing', user: id, file: avatar }
      write(fix ? { ...details, outcome: MENDED.missing } : details, [
        FOUND.missing.padEnd(11),
        avatar.padEnd(40),
        `user ${id}`.padStart(14),
        outcome('missing')
      ])
    },

    end(refused) {
      const { stray, young, abandoned, missing } = counts
      const wrong = stray + abandoned + missing
      const mended = fix && wrong > 0
      const summary = `${stray} files without a user (${young} more that may yet get one), ${abandoned} abandoned uploads, ${missing} users without their picture.`
      const verdict = mended ? 'All of it was mended.' : wrong > 0 ? '--fix mends it.' : 'Nothing is wrong.'
      write({ found: 'summary', ...counts, mended, refused }, [summary, refused ? REFUSAL : verdict])
      return (wrong > 0 && !mended) || refused ? 1 : 0
    }
  }
}

function describeAge(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000))
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 72 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}
