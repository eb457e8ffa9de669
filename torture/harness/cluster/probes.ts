import { connect } from 'node:net'

/** Whether somebody takes connections at a port of this machine. */
export const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

/** Whether a line that is sent gets an answer that begins so, within a second. */
export const answersWith = (port: number, line: string, expected: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(line))
    const settle = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.setTimeout(1000, () => settle(false))
    socket.once('error', () => settle(false))
    socket.once('data', (bytes) => settle(String(bytes).startsWith(expected)))
  })

/** The status of an answer; 0 where there is none within some seconds. */
export async function statusOf(url: string, withinMs = 5000): Promise<number> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(withinMs) })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}
