import { readdirSync, readFileSync } from 'node:fs'

const FOLDER = new URL('../examples/', import.meta.url)

/** The examples' sources by their files' names. */
export const readExamples = (): Record<string, string> =>
  Object.fromEntries(readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]))
