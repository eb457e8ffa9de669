import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*|\bresolve\(\s*)['"]([^'"\s]+)['"]/g

/** The packages that a compiled file imports or looks for, each once, without Node's own. */
export function importedPackages(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  const names = [...text.matchAll(SPECIFIER)]
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
    )
  return [...new Set(names)]
}
