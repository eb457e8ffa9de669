/**
 * Where a program of ours is that a process or thread of its own runs: beside the module that starts it, as TypeScript in
 * a checkout and compiled in the package, like that one.
 * @param starter `import.meta.url`
 * @param name without its extension
 */
export function programBeside(starter: string, name: string): URL {
  return new URL(`./${name}.${starter.endsWith('.ts') ? 'ts' : 'js'}`, starter)
}
