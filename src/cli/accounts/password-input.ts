import type { ParseArgsOptionsConfig } from 'node:util'
import { Refusal } from '../command.ts'
import { readPasswordFile, readPasswordLine, UnreadablePassword } from './password-file.ts'
import type { Terminal } from './terminal.ts'

export const PASSWORD_OPTION = { 'password-file': { type: 'string' } } satisfies ParseArgsOptionsConfig

export const PASSWORD_USAGE =
  'On a terminal it asks for the password; elsewhere that is the first line of standard input. It is never an argument.'

/**
 * The password that need not be asked for: of a file, or of standard input where nobody sits at it.
 * @param file its path; `-` is standard input
 * @returns undefined where it has to be asked for
 * @throws {Refusal} where it can't be read
 */
export async function readGivenPassword(file: string | undefined): Promise<string | undefined> {
  const ofInput = file === undefined || file === '-'
  if (ofInput && process.stdin.isTTY) return undefined
  try {
    return await (ofInput ? readPasswordLine(process.stdin) : readPasswordFile(file))
  } catch (error) {
    if (!(error instanceof UnreadablePassword)) throw error
    throw new Refusal(`${ofInput ? 'standard input' : '--password-file'}: ${error.message}`, 2)
  }
}

/** Asks until an answer is good. */
export async function askUntilGood(
  terminal: Terminal,
  ask: () => Promise<string>,
  findProblems: (answer: string) => Promise<string[]>
): Promise<string> {
  for (;;) {
    const answer = await ask()
    const problems = await findProblems(answer)
    if (problems.length === 0) return answer
    for (const problem of problems) terminal.say(problem)
  }
}

/** Asks for a new password, twice, until both are the same. */
export async function askNewPassword(terminal: Terminal): Promise<string> {
  for (;;) {
    const password = await terminal.askSecretly('Password')
    if ((await terminal.askSecretly('Password (again)')) === password) return password
    terminal.say('The two passwords are not the same.')
  }
}
