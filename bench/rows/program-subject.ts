import type { Subject } from '../harness/interleave.ts'
import { loadSubject } from '../harness/load-subject.ts'
import type { Server } from '../harness/processes.ts'
import type { Bench } from '../harness/row.ts'
import type { LoadRequest } from '../load/load.ts'
import { type Program, type ProgramOptions, startProgram } from '../servers/start.ts'
import { CONNECTIONS } from './sizes.ts'

/** Makes subjects of programs that get the same load in the same folder; `keep` is told of each server. */
export function programSubjects(
  bench: Bench,
  keep: (server: Server) => Server,
  { requests, ...options }: ProgramOptions & { requests: readonly LoadRequest[] }
): (name: string, program: Program) => Promise<Subject> {
  return async (name, program) =>
    loadSubject(bench, {
      name,
      server: keep(await startProgram(program, options)),
      requests,
      connections: CONNECTIONS
    })
}
