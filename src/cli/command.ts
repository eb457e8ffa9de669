import { reasonOf } from '../config-error.ts'
import { errorCode } from '../error-code.ts'
import { type FieldErrors, ServiceError } from '../errors.ts'

/** Ends a command with a sentence, or several lines of them, and no stack. */
export class Refusal extends Error {
  /** 1: what was asked for is refused; 2: it could not be tried. */
  readonly exitCode: 1 | 2

  constructor(sentences: string, exitCode: 1 | 2 = 1) {
    super(sentences)
    this.name = 'Refusal'
    this.exitCode = exitCode
  }
}

/** Words that a command does not know; its usage follows. */
export class UsageError extends Error {}

/**
 * Runs a command and answers its exit code: 0 where it was done, 1 where it was refused, 2 where its words were wrong.
 * @throws what else keeps it from running
 */
export async function runCommand(usage: string, args: string[], work: () => Promise<void>): Promise<number> {
  if (asksForHelp(args)) {
    process.stdout.write(usage)
    return 0
  }
  try {
    refusePasswords(args)
    await work()
    return 0
  } catch (error) {
    if (error instanceof Refusal) {
      process.stderr.write(`${error.message}\n`)
      return error.exitCode
    }
    if (!(error instanceof UsageError) && !errorCode(error).startsWith('ERR_PARSE_ARGS_')) throw error
    process.stderr.write(`${reasonOf(error)}\n\n${usage}`)
    return 2
  }
}

/** Options end where `--` stands alone. */
const optionsOf = (args: string[]) => (args.includes('--') ? args.slice(0, args.indexOf('--')) : args)

const asksForHelp = (args: string[]) => optionsOf(args).some((arg) => arg === '--help' || arg === '-h')

function refusePasswords(args: string[]): void {
  if (!optionsOf(args).some((arg) => /^--password(?:=|$)/.test(arg))) return
  throw new UsageError(
    'There is no --password: everybody on the machine sees the arguments of a program, and the shell keeps them.'
  )
}

/** The names of the interface's fields as the commands' options have them; a password has none. */
const optionName = (field: string) => (field === 'password' ? field : `--${field.replaceAll('_', '-')}`)

/** A line for each thing that is wrong. */
export const refusalOf = (problems: FieldErrors): Refusal =>
  new Refusal(
    Object.entries(problems)
      .flatMap(([field, sentences]) => sentences.map((sentence) => `${optionName(field)}: ${sentence}`))
      .join('\n')
  )

/** What is wrong with fields, where that is what a service threw. */
export function problemsIn(error: unknown): FieldErrors | undefined {
  const isInvalid = error instanceof ServiceError && error.code === 'invalid'
  return isInvalid ? (error.body as FieldErrors) : undefined
}
