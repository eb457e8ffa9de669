import t from 'tap'
import { watched } from '../../../src/telemetry/watched.ts'

const createPort = () => ({
  folder: '/somewhere',
  double: async (value: number) => value * 2,
  async fail() {
    throw new Error('a fault')
  },
  failAtOnce() {
    throw new Error('at once')
  },
  async *list() {
    yield 1
    yield 2
  }
})

t.test('operations are told from their beginning to their end, and answer what they answered', async (t) => {
  const told: string[] = []
  const watch = (by: string) => (port: string, operation: string) => {
    told.push(`${by}: ${port}.${operation}`)
    return (error?: unknown) => void told.push(`${by}: ${error instanceof Error ? error.message : 'ended'}`)
  }
  const port = watched('numbers', createPort(), [watch('a'), watch('b')])
  t.equal(port.folder, '/somewhere')
  t.equal(await port.double(21), 42)
  t.strictSame(told, ['a: numbers.double', 'b: numbers.double', 'a: ended', 'b: ended'])
  told.length = 0
  await t.rejects(port.fail(), { message: 'a fault' })
  t.throws(() => port.failAtOnce(), { message: 'at once' })
  t.strictSame(
    told.filter((line) => line.startsWith('a')),
    ['a: numbers.fail', 'a: a fault', 'a: numbers.failAtOnce', 'a: at once']
  )
  const listed: number[] = []
  for await (const one of port.list()) listed.push(one)
  t.strictSame(listed, [1, 2])
})

t.test('where nobody watches, a port is itself', async (t) => {
  const port = createPort()
  t.equal(watched('numbers', port, []), port)
})
