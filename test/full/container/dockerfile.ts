/** An instruction of a Dockerfile, such as `RUN` with the rest of its line. */
export interface Instruction {
  name: string
  words: string
}

export interface Stage {
  /** What it begins with, such as `node:24-slim`. */
  base: string
  name: string | undefined
  instructions: Instruction[]
}

/** A Dockerfile's stages, as far as ours goes: no heredocs, no `ONBUILD`. */
export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = []
  const defaults = new Map<string, string>()
  for (const { name, words } of instructionsOf(text)) {
    if (name === 'ARG') {
      const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(words) ?? []
      defaults.set(key, value)
    } else if (name === 'FROM') {
      const [base = '', , stage] = words.split(' ')
      const named = base.replace(/\$\{(\w+)\}/g, (_all, key) => defaults.get(key) ?? '')
      stages.push({ base: named, name: stage, instructions: [] })
    } else stages.at(-1)?.instructions.push({ name, words })
  }
  return stages
}

function* instructionsOf(text: string): Iterable<Instruction> {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  const joined = lines.join('\n').replace(/\\\n\s*/g, ' ')
  for (const line of joined.split('\n')) {
    const [, name, words = ''] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? []
    if (name) yield { name, words }
  }
}

/** The pairs of an `ENV` or a `LABEL`. */
export const pairsOf = (words: string): Record<string, string> =>
  Object.fromEntries(
    [...words.matchAll(/([\w.]+)=("[^"]*"|\S+)/g)].map(([, key = '', value = '']) => [
      key,
      value.replace(/^"|"$/g, '')
    ])
  )
