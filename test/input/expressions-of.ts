import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript-5'

export interface Expression {
  /** Such as `src/app.ts:210`. */
  where: string
  source: string
  flags: string
}

/** What is made of something else than literals can't be looked at. */
export interface Unreadable {
  where: string
  text: string
}

/**
 * Every regular expression that a program's text holds: literals, those that `RegExp` makes, JSON Schema's `pattern`, and those
 * in the paths of routes (`/:name(expression)`).
 */
export function expressionsIn(path: string, text: string): { found: Expression[]; unreadable: Unreadable[] } {
  const found: Expression[] = []
  const unreadable: Unreadable[] = []
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const whereIs = (node: ts.Node) => `${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
  const take = (node: ts.Node, source: string, flags: string) =>
    found.push({ where: whereIs(node), source, flags })

  function visit(node: ts.Node): void {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/')
      take(node, node.text.slice(1, end), node.text.slice(end + 1))
    } else if (isRegExpCall(node)) {
      const [source, flags] = node.arguments ?? []
      if (source && ts.isStringLiteralLike(source) && (!flags || ts.isStringLiteralLike(flags)))
        take(node, source.text, flags?.text ?? '')
      // A copy of a literal, which is among those found.
      else if (!source || !ts.isRegularExpressionLiteral(source))
        unreadable.push({ where: whereIs(node), text: node.getText() })
    } else if (ts.isPropertyAssignment(node) && node.name.getText().replace(/'/g, '') === 'pattern') {
      if (ts.isStringLiteralLike(node.initializer)) take(node, node.initializer.text, 'u')
      else unreadable.push({ where: whereIs(node), text: node.getText() })
    } else if (ts.isStringLiteralLike(node) || ts.isTemplateTail(node)) {
      const [, source] = /\/:\w+\((.+)\)/.exec(node.text) ?? []
      if (source) take(node, source, '')
    }
    ts.forEachChild(node, visit)
  }

  visit(file)
  return { found, unreadable }
}

const isRegExpCall = (node: ts.Node): node is ts.NewExpression | ts.CallExpression =>
  (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp'

/** The programs in the folders of a root. */
export function programsIn(root: URL, folders: readonly string[]): { path: string; text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[jt]s$/.test(name))
      .sort()
      .map((name) => {
        const path = `${folder}/${name}`
        return { path, text: readFileSync(new URL(path, root), 'utf8') }
      })
  )
}
