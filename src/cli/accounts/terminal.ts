import { createInterface, type Key } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import askPassword from '@inquirer/password'
import { Refusal } from '../command.ts'

/** Somebody to ask. Each question throws a `Refusal` where it is not answered (Ctrl-C, Ctrl-D). */
export interface Terminal {
  ask(question: string): Promise<string>
  /** Shows nothing of the answer. */
  askSecretly(question: string): Promise<string>
  say(text: string): void
}

const unanswered = () => new Refusal('Nothing was changed.', 2)

/** @param output standard error by default: standard output is for what a command answers */
export function openTerminal(input: Readable = process.stdin, output: Writable = process.stderr): Terminal {
  return {
    async ask(question) {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const lines = createInterface({ input, output, terminal: true, historySize: 0 })
      lines.once('close', () => reject(unanswered()))
      lines.question(`${question}: `, resolve)
      try {
        return await promise
      } catch (error) {
        output.write('\n')
        throw error
      } finally {
        lines.close()
      }
    },

    async askSecretly(question) {
      // At the end of its input the prompt would wait for ever, and the process end as if all were done.
      const end = new AbortController()
      const abort = () => end.abort()
      const onKey = (_text: unknown, { ctrl, name }: Key) => void (ctrl && name === 'd' && abort())
      input.on('keypress', onKey).once('end', abort).once('close', abort)
      try {
        const prompt = { message: `${question}:`, toggleMask: false }
        return await askPassword(prompt, { input, output, signal: end.signal })
      } catch (error) {
        const isEnd = error instanceof Error && /^(?:Abort|Exit)PromptError$/.test(error.name)
        throw isEnd ? unanswered() : error
      } finally {
        input.off('keypress', onKey).off('end', abort).off('close', abort)
      }
    },

    say: (text) => void output.write(`${text}\n`)
  }
}
