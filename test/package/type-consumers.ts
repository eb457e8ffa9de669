import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readExamples } from '../examples.ts'
import { type InstalledPackage, runPlain, specifierOf, subpathsOf } from './install.ts'

const require = createRequire(import.meta.url)

/** The compilers that the declarations are for. */
const COMPILERS = {
  'TypeScript 5.9': join(dirname(require.resolve('typescript-5/package.json')), 'bin/tsc'),
  'TypeScript 7': join(dirname(require.resolve('typescript/package.json')), 'bin/tsc')
}

export interface TypeConsumer {
  name: string
  /** Sources by their names, whose extensions say which of them are CommonJS. */
  files: Record<string, string>
  /** The compiler's. */
  options: object
}

/** Of a server: everything strict, other packages' declarations judged too, and no browser's globals. */
const SERVER = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  target: 'es2024',
  lib: ['es2024'],
  types: ['node']
}
const BROWSER = { ...SERVER, lib: ['es2024', 'dom', 'dom.iterable'], types: [] }
const BUNDLER = { moduleResolution: 'bundler' }

/** An app for each way of resolving modules that imports every subpath; the examples; and the client of a page. */
export function typeConsumers({ manifest }: InstalledPackage): TypeConsumer[] {
  const specifiers = subpathsOf(manifest).map(specifierOf)
  const module = moduleSource(specifiers)
  const client = `
    import * as client from 'fastify-user-profile/client'
    export const { default: byDefault } = client`
  return [
    { name: 'nodenext', files: { 'app.mts': module }, options: { ...SERVER, module: 'nodenext' } },
    {
      name: 'CommonJS',
      files: { 'app.cts': commonJsSource(specifiers) },
      options: { ...SERVER, module: 'nodenext' }
    },
    { name: 'preserve', files: { 'app.ts': module }, options: { ...SERVER, ...BUNDLER, module: 'preserve' } },
    { name: 'bundler', files: { 'app.ts': module }, options: { ...SERVER, ...BUNDLER, module: 'esnext' } },
    { name: 'browser', files: { 'page.ts': client }, options: { ...BROWSER, ...BUNDLER, module: 'esnext' } },
    { name: 'examples', files: readExamples(), options: { ...SERVER, module: 'nodenext' } }
  ]
}

const OPTIONS = `const options: UserProfileOptions = { jwtSecret: 'x'.repeat(32), databasePath: ':memory:' }`

const listed = (specifiers: readonly string[]) =>
  `export const parts = [${specifiers.map((_, index) => `part${index}`).join(', ')}] as const`

const moduleSource = (specifiers: readonly string[]) => `
  import Fastify from 'fastify'
  import userProfile, { userProfile as named, type UserProfileOptions } from 'fastify-user-profile'
  ${specifiers.map((one, index) => `import * as part${index} from '${one}'`).join('\n')}
  ${listed(specifiers)}
  ${OPTIONS}
  export const app = Fastify()
  await app.register(userProfile, options)
  await app.register(named, { ...options, prefix: '/accounts' })
  // @ts-expect-error: a secret is a text
  await app.register(userProfile, { jwtSecret: 42 })`

const commonJsSource = (specifiers: readonly string[]) => `
  import Fastify = require('fastify')
  import whole = require('fastify-user-profile')
  import userProfile, { userProfile as named, type UserProfileOptions } from 'fastify-user-profile'
  ${specifiers.map((one, index) => `import part${index} = require('${one}')`).join('\n')}
  ${listed(specifiers)}
  ${OPTIONS}
  export const app = Fastify()
  app.register(userProfile, options)
  app.register(named, options)
  app.register(whole.default, options)`

/** Compiles a consumer by each compiler, and answers what they have to say. */
export async function compile(
  host: string,
  { name, files, options }: TypeConsumer
): Promise<[compiler: string, said: string][]> {
  const folder = join(host, 'types', name)
  mkdirSync(folder, { recursive: true })
  for (const [file, source] of Object.entries(files)) writeFileSync(join(folder, file), source)
  const config = { compilerOptions: options, files: Object.keys(files) }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  return Promise.all(
    Object.entries(COMPILERS).map(async ([compiler, path]): Promise<[string, string]> => {
      const { stdout, stderr } = await runPlain(host, process.execPath, path, '-p', folder)
      return [compiler, stdout + stderr]
    })
  )
}
