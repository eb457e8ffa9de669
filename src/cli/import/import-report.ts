import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { ConfigError, reasonOf } from '../../config-error.ts'
import { FINDING_KINDS, type Finding, type FindingKind } from '../../django/findings.ts'
import { columnLine, measureColumns } from '../columns.ts'
import { printableJson } from '../printable.ts'
import { describeFinding, HEADINGS } from './describe-finding.ts'
import { describeSummary, type ImportSummary, noFindings } from './import-summary.ts'

export interface ImportReport {
  finding(finding: Finding): void
  /** How many of each kind there were. */
  counts(): Record<FindingKind, number>
  /** The first findings of each kind. */
  first(): Finding[]
  /** Writes what is to be written at the end. */
  end(summary: ImportSummary): void
  /** Safe to repeat. */
  close(): void
}

/** Of each kind, for people. */
const LISTED = 50
/** Of each kind, for the record. */
const KEPT = 100

const BUFFER = 65_536

/**
 * Writes findings for people on the output, at the end, and all of them as JSON lines into a file, as they come.
 * @param file `-` for JSON on the output, instead of what is for people
 */
export function openReport(output: Writable, file: string | undefined): ImportReport {
  const counts = noFindings()
  const kept = new Map<FindingKind, Finding[]>()
  const json = file === undefined ? undefined : file === '-' ? toOutput(output) : toFile(file)

  return {
    finding(finding) {
      const { finding: kind } = finding
      counts[kind]++
      json?.write(finding)
      const first = kept.get(kind) ?? []
      kept.set(kind, first)
      if (first.length < KEPT) first.push(finding)
    },
    counts: () => counts,
    first: () => FINDING_KINDS.flatMap((kind) => kept.get(kind) ?? []),
    end(summary) {
      json?.write({ summary })
      json?.close()
      if (file === '-') return
      for (const kind of FINDING_KINDS)
        output.write(section(kind, kept.get(kind)?.slice(0, LISTED) ?? [], counts[kind]))
      output.write(describeSummary(summary))
    },
    close: () => json?.close()
  }
}

function section(kind: FindingKind, shown: readonly Finding[], count: number): string {
  if (count === 0) return ''
  const rows = shown.map(describeFinding)
  const widths = measureColumns(rows)
  const lines = rows.map((row) => `  ${columnLine(row, widths)}`)
  const rest = count - shown.length
  const more = rest > 0 ? `  and ${rest.toLocaleString('en')} more; --report FILE has all\n` : ''
  return `${HEADINGS[kind]}: ${count.toLocaleString('en')}\n${lines.join('')}${more}\n`
}

interface JsonLines {
  write(value: object): void
  close(): void
}

const lineOf = (value: object) => `${JSON.stringify(value)}\n`

const toOutput = (output: Writable): JsonLines => ({
  write: (value) => void output.write(`${printableJson(value)}\n`),
  close() {}
})

/**
 * Written at once when there is some of it: a million findings must not wait in memory.
 * @throws {ConfigError} of a file that holds something else, such as Django's database, and where it can't be written
 */
function toFile(path: string): JsonLines {
  if (holdsSomethingElse(path))
    throw new ConfigError('--report', `${path} is there and holds something else than a report`)
  let file: number | undefined = openSync(path, 'w', 0o600)
  let waiting = ''
  const flush = () => {
    let rest = Buffer.from(waiting)
    waiting = ''
    try {
      while (file !== undefined && rest.length > 0) rest = rest.subarray(writeSync(file, rest))
    } catch (error) {
      throw new ConfigError('--report', reasonOf(error))
    }
  }
  return {
    write(value) {
      waiting += lineOf(value)
      if (waiting.length >= BUFFER) flush()
    },
    close() {
      if (file === undefined) return
      try {
        flush()
      } finally {
        closeSync(file)
        file = undefined
      }
    }
  }
}

const JSON_START = '{"'

/** Whether there is a file with anything in it that is no lines of JSON. */
function holdsSomethingElse(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile() || found.size === 0) return false
  const start = Buffer.alloc(JSON_START.length)
  const file = openSync(path, 'r')
  try {
    readSync(file, start, 0, start.length, 0)
  } finally {
    closeSync(file)
  }
  return start.toString('latin1') !== JSON_START
}
