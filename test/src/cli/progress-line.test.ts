import { PassThrough } from 'node:stream'
import t from 'tap'
import { openProgressLine } from '../../../src/cli/progress-line.ts'

function terminal({ isTTY }: { isTTY: boolean }) {
  const output = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream & PassThrough
  let time = 1000
  const line = openProgressLine(output, () => time)
  return {
    line,
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    written: () => String(output.read() ?? '')
  }
}

t.test('a terminal has one line, rewritten a few times a second and taken away once', async (t) => {
  const { line, pass, written } = terminal({ isTTY: true })
  line.end()
  t.equal(written(), '', 'nothing to take away')
  line.show(() => 'one')
  line.show(() => 'not so soon')
  pass(250)
  line.show(() => 'two')
  line.end()
  line.end()
  t.equal(written(), '\rone\x1b[K\rtwo\x1b[K\r\x1b[K')
})

t.test('elsewhere nothing is written', async (t) => {
  const { line, written } = terminal({ isTTY: false })
  line.show(() => 'nobody looks on')
  line.end()
  t.equal(written(), '')
})
