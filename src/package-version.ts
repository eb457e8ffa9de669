import { readFile } from 'node:fs/promises'

/** As package.json has it, which lies above the sources and above what is compiled from them. */
export async function packageVersion(): Promise<string> {
  for (const path of ['../package.json', '../../package.json']) {
    const text = await readFile(new URL(path, import.meta.url), 'utf8').catch(() => undefined)
    if (text !== undefined) return JSON.parse(text).version
  }
  throw new Error('there is no package.json')
}
