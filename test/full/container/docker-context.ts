import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Copies what a build of the image would be sent: the files that Git has or will have, less those that `.dockerignore` leaves
 * out. Of its syntax, what ours has: `*`, and then what is not left out after all.
 */
export function copyContext(project: string, to: string): void {
  const lines = readFileSync(join(project, '.dockerignore'), 'utf8').split('\n')
  const [first, ...kept] = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (first !== '*' || kept.some((line) => !line.startsWith('!') || line.includes('*')))
    throw new Error('.dockerignore says more than is understood here')
  const paths = kept.map((line) => line.slice(1))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: project,
    encoding: 'utf8'
  })
  for (const file of listed.split('\0')) {
    const isKept = file !== '' && paths.some((path) => file === path || file.startsWith(`${path}/`))
    if (isKept || file === 'Dockerfile') cpSync(join(project, file), join(to, file))
  }
}
