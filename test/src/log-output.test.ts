import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { openLogOutput } from '../../src/log-output.ts'

const MODULE = new URL('../../src/log-output.ts', import.meta.url).href

function openFile(t: Test, flags = 'w') {
  const path = `${t.testdir({ log: '' })}/log`
  const fd = fs.openSync(path, flags)
  t.teardown(() => fs.closeSync(fd))
  return { fd, read: () => fs.readFileSync(path, 'utf8') }
}

/** How many times anything was written to the file. */
function countWrites(t: Test, fd: number) {
  const calls = t.capture(fs, 'writeSync', fs.writeSync)
  return () => calls().filter(({ args }) => args[0] === fd).length
}

async function turns() {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Runs a module that logs to its standard output. */
function runLogging(code: string) {
  const source = `import { openLogOutput } from '${MODULE}'\n${code}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source])
  const errors = text(child.stderr)
  return { child, errors, closed: once(child, 'close') }
}

t.test('the lines of a turn are written at once and in order, after it', async (t) => {
  const { fd, read } = openFile(t)
  const writes = countWrites(t, fd)
  const output = openLogOutput(fd)
  const lines = Array.from({ length: 1000 }, (_, index) => `{"line":${index},"text":"Grüße, 世界"}\n`)
  for (const line of lines) output.write(line)
  t.equal(read(), '', 'nothing before the turn ends')
  await turns()
  t.equal(read(), lines.join(''))
  t.equal(writes(), 1)

  output.write('a later turn\n')
  await turns()
  t.equal(read(), `${lines.join('')}a later turn\n`)
  await turns()
  t.equal(writes(), 1, 'a turn without lines writes nothing')
})

t.test('flushSync writes at once what there is, and only once', async (t) => {
  const { fd, read } = openFile(t)
  const writes = countWrites(t, fd)
  const output = openLogOutput(fd)
  output.flushSync()
  t.equal(writes(), 0, 'nothing, of nothing')
  output.write('one\n')
  output.write('two\n')
  output.flushSync()
  t.equal(read(), 'one\ntwo\n')
  output.write('three\n')
  t.equal(read(), 'one\ntwo\n')
  await turns()
  t.equal(read(), 'one\ntwo\nthree\n')
})

t.test('an output that takes nothing costs its lines only', async (t) => {
  const { fd, read } = openFile(t, 'r')
  t.throws(() => fs.writeSync(fd, 'x'), { code: 'EBADF' })
  const output = openLogOutput(fd)
  for (let turn = 0; turn < 3; turn++) {
    output.write(`turn ${turn}\n`)
    await turns()
  }
  output.write('the last\n')
  t.doesNotThrow(() => output.flushSync())
  // More than is kept.
  for (let count = 0; count < 40; count++) {
    output.write('x'.repeat(65_536))
    t.doesNotThrow(() => output.flushSync())
  }
  t.equal(read(), '')
})

t.test('what an output did not take is written when it takes lines again', async (t) => {
  const { fd, read } = openFile(t)
  const output = openLogOutput(fd)
  const broken = t.intercept(fs, 'writeSync', {
    value: () => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    }
  })
  output.write('one\n')
  output.flushSync()
  output.write('two\n')
  output.flushSync()
  broken.restore()
  t.equal(read(), '')
  output.write('three\n')
  output.flushSync()
  t.equal(read(), 'one\ntwo\nthree\n')
})

t.test('what is logged in a process’s last turn is written when it exits', async (t) => {
  const { child, errors, closed } = runLogging(`
    const output = openLogOutput()
    output.write('one\\n')
    output.write('two\\n')
    process.exit(3)`)
  t.equal(await text(child.stdout), 'one\ntwo\n')
  t.strictSame(await closed, [3, null])
  t.equal(await errors, '')
})

t.test('a process goes on when the reader of its log has gone', async (t) => {
  const { child, errors, closed } = runLogging(`
    const output = openLogOutput()
    process.stdin.resume().on('end', () => {
      let turn = 0
      const log = () => {
        output.write('turn ' + turn + '\\n')
        if (turn++ < 10) setImmediate(log)
        else process.stderr.write('done')
      }
      log()
    })`)
  child.stdout.destroy()
  await once(child.stdout, 'close')
  child.stdin.end()
  t.strictSame(await closed, [0, null])
  t.equal(await errors, 'done')
})

t.test('a full pipe holds nothing up, and takes what is kept when it is read again', async (t) => {
  const path = `${t.testdir()}/pipe`
  execFileSync('mkfifo', [path])
  const pipe = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NONBLOCK)
  t.teardown(() => fs.closeSync(pipe))
  const output = openLogOutput(pipe)
  for (let line = 0; line < 2000; line++) output.write(`${line} ${'x'.repeat(90)}\n`)
  output.flushSync()
  const buffer = Buffer.alloc(1_048_576)
  const first = fs.readSync(pipe, buffer)
  t.ok(first > 0 && first < 2000 * 90, 'it took what it had room for')
  output.write('last\n')
  output.flushSync()
  t.ok(fs.readSync(pipe, buffer) > 0)
})
