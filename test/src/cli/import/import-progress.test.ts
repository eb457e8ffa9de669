import { PassThrough } from 'node:stream'
import t from 'tap'
import { createProgress } from '../../../../src/cli/import/import-progress.ts'

/** What a terminal, or another output, gets written. */
function output(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream
  const written = () => String(stream.read() ?? '')
  return { stream, written }
}

t.test('on a terminal one line is rewritten, a few times a second', async (t) => {
  const { stream, written } = output(true)
  let time = 0
  const progress = createProgress(stream, () => time)
  const at = (ms: number, ...update: Parameters<typeof progress.update>) => {
    time = ms
    progress.update(...update)
    return written()
  }
  t.equal(at(0, 'users', 1000, 10_000), '\rTaking over users: 1,000 of 10,000\x1b[K')
  t.equal(at(100, 'users', 2000, 10_000), '')
  t.equal(
    at(2000, 'users', 4000, 10_000),
    '\rTaking over users: 4,000 of 10,000, 2,000 a second, 3 s left\x1b[K'
  )
  t.equal(at(2001, 'tokens', 0, 5), '\rTaking over tokens: 0 of 5\x1b[K', 'the next part shows at once')
  t.equal(at(2002, 'commit', 0, 0), '\rWriting it all to the disk …\x1b[K')
  progress.end()
  t.equal(written(), '\r\x1b[K')
})

t.test('elsewhere nothing is written', async (t) => {
  const { stream, written } = output(false)
  const progress = createProgress(stream, () => 0)
  progress.update('users', 1, 2)
  progress.end()
  t.equal(written(), '')
})
