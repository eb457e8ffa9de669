import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { createFileBuffers } from '../../../src/pictures/file-buffers.ts'

/** Makes files of random bytes, in a folder of the test's. */
function fileMaker(t: Test) {
  const folder = t.testdir()
  return (size: number) => {
    const bytes = randomBytes(size)
    const path = `${folder}/${size}`
    writeFileSync(path, bytes)
    return { path, bytes }
  }
}

/** Two pieces of work that both go on until both have begun. */
function meeting() {
  const { promise, resolve } = Promise.withResolvers<void>()
  let expected = 2
  return async () => {
    if (--expected === 0) resolve()
    await promise
  }
}

const memoryOf = async (bytes: Buffer) => bytes.buffer

t.test('the bytes are exactly the file’s, in memory that held another file before too', async (t) => {
  const makeFile = fileMaker(t)
  const buffers = createFileBuffers(1)
  for (const size of [100_000, 0, 1, 65_535, 65_536, 65_537, 300_000, 131_072, 0]) {
    const { path, bytes } = makeFile(size)
    const read = await buffers.read(path, async (bytes) => Buffer.from(bytes))
    t.equal(read.length, size)
    t.ok(read.equals(bytes), `${size} bytes`)
  }
})

t.test('what the work answers is the answer', async (t) => {
  const makeFile = fileMaker(t)
  const { path } = makeFile(3)
  t.equal(await createFileBuffers(1).read(path, async ({ length }) => `${length} bytes`), '3 bytes')
})

t.test('a second read uses the memory of the first, for a smaller file too', async (t) => {
  const makeFile = fileMaker(t)
  const buffers = createFileBuffers(1)
  const first = await buffers.read(makeFile(100_000).path, memoryOf)
  t.equal(await buffers.read(makeFile(100_000).path, memoryOf), first)
  t.equal(await buffers.read(makeFile(10).path, memoryOf), first)
  t.not(await buffers.read(makeFile(200_000).path, memoryOf), first, 'a larger file needs more')
})

t.test('two reads at once have memory of their own', async (t) => {
  const makeFile = fileMaker(t)
  const buffers = createFileBuffers(2)
  const files = [makeFile(1000), makeFile(2000)] as const
  const kept = await buffers.read(files[1].path, memoryOf)
  const meet = meeting()
  const read = ({ path, bytes: expected }: ReturnType<typeof makeFile>) =>
    buffers.read(path, async (bytes) => {
      await meet()
      t.ok(bytes.equals(expected))
      return bytes.buffer
    })
  const [one, other] = await Promise.all([read(files[0]), read(files[1])])
  t.not(one, other)
  t.ok([one, other].includes(kept), 'one of them has what was there')
})

t.test('of more buffers than are kept, the larger ones are', async (t) => {
  const makeFile = fileMaker(t)
  const buffers = createFileBuffers(1)
  const meet = meeting()
  const [small, large] = [makeFile(10), makeFile(200_000)]
  const read = (path: string) =>
    buffers.read(path, async (bytes) => {
      await meet()
      return bytes.buffer
    })
  const [ofSmall, ofLarge] = await Promise.all([read(small.path), read(large.path)])
  t.not(ofSmall, ofLarge)
  t.equal(await buffers.read(small.path, memoryOf), ofLarge)
})

t.test('a work that fails gives its buffer back', async (t) => {
  const makeFile = fileMaker(t)
  const buffers = createFileBuffers(1)
  const { path } = makeFile(1000)
  let memory: ArrayBufferLike | undefined
  await t.rejects(
    buffers.read(path, async (bytes) => {
      memory = bytes.buffer
      throw new Error('no picture')
    }),
    /no picture/
  )
  t.equal(await buffers.read(path, memoryOf), memory)
  await t.rejects(
    buffers.read(path, () => {
      throw new Error('at once')
    }),
    /at once/
  )
  t.equal(await buffers.read(path, memoryOf), memory)
})

t.test('a file that is not there is refused before any work', async (t) => {
  const buffers = createFileBuffers(1)
  let worked = false
  const work = async () => {
    worked = true
  }
  await t.rejects(buffers.read(`${t.testdir()}/none`, work), { code: 'ENOENT' })
  t.notOk(worked)
})
