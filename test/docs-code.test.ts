import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What texts take for granted: each is declared where a block uses it and says not itself what it is. */
const GIVEN: Record<string, string> = {
  app: "declare const app: import('fastify').FastifyInstance",
  userProfile: "import userProfile from 'fastify-user-profile'",
  client: "declare const client: import('fastify-user-profile/client').Client",
  createClient: "import { createClient } from 'fastify-user-profile/client'",
  jwtSecret: 'declare const jwtSecret: string',
  baseUrl: 'declare const baseUrl: string',
  file: 'declare const file: File',
  location: 'declare const location: { origin: string; assign(path: string): void }',
  localStorage:
    'declare const localStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void; removeItem(key: string): void }',
  show: 'declare function show(what: unknown): void'
}

const isSaid = (name: string, code: string) =>
  new RegExp(`(?:const|let) (?:\\{[^}]*\\b)?${name}\\b|import[^'"]*\\b${name}\\b[^'"]*from`).test(code)

function withGiven(code: string): string {
  const given = Object.entries(GIVEN).filter(
    ([name]) => new RegExp(`(?<![.\\w])${name}\\b`).test(code) && !isSaid(name, code)
  )
  return [...given.map(([, declaration]) => declaration), code, 'export {}'].join('\n')
}

t.test('every piece of TypeScript in the texts is what the compiler takes', (t) => {
  const folder = t.testdir({})
  const docs = readdirSync(`${root}/docs`).filter((name) => name.endsWith('.md'))
  const texts = ['README.md', ...docs.map((name) => `docs/${name}`)]
  const files = texts.flatMap((text) => {
    const blocks = readFileSync(join(root, text), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)
    return [...blocks].map(([, code = ''], index) => {
      const name = `${text.replaceAll(/\W/g, '-')}-${index}.ts`
      writeFileSync(join(folder, name), withGiven(code))
      return name
    })
  })
  t.ok(files.length > 10, `${files.length} pieces`)
  const config = {
    extends: `${root}/tsconfig.json`,
    compilerOptions: { noUnusedLocals: false },
    include: ['*.ts']
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  // tap puts its loader into every process, and the compiler's does not stand it.
  const compiler = ['-u', 'NODE_OPTIONS', process.execPath, `${root}/node_modules/typescript/bin/tsc`]
  const { status, stdout } = spawnSync('env', [...compiler, '-p', folder], { encoding: 'utf8' })
  t.equal(stdout, '')
  t.equal(status, 0)
  t.end()
})
