import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript-5'

const SEEN = `
  import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
  export declare const app: FastifyInstance
  export declare const request: FastifyRequest
  export declare const reply: FastifyReply`

/** The compiler's names of symbols, such as `__@asyncDispose@1057`, have a number that is another in each program. */
const withoutNumber = (name: string) => name.replace(/@\d+$/, '')

/** What an app of Fastify's has by its types in a program that imports these, such as `app.register`. */
export function typedMembers(host: string, ...imports: string[]): Set<string> {
  const path = join(host, 'members.mts')
  writeFileSync(path, imports.map((one) => `import '${one}'\n`).join('') + SEEN)
  const program = ts.createProgram([path], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    types: ['node'],
    typeRoots: [join(host, 'node_modules/@types')]
  })
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(path)
  const module = file && checker.getSymbolAtLocation(file)
  if (!module) throw new Error('there is nothing to look at')
  return new Set(
    checker.getExportsOfModule(module).flatMap((symbol) =>
      checker
        .getTypeOfSymbol(symbol)
        .getProperties()
        .map((property) => `${symbol.name}.${withoutNumber(property.name)}`)
    )
  )
}
