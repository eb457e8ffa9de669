import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

/** The project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Manifest {
  name: string
  version: string
  exports: Record<string, string | { types: string; default: string }>
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
  optionalDependencies: Record<string, string>
}

export interface InstalledPackage {
  /** Of a host app: a package.json, and in `node_modules` what was installed. */
  host: string
  /** The package in there. */
  folder: string
  manifest: Manifest
  /** Paths in the tarball, without the folder that npm puts around them. */
  files: string[]
  tarballBytes: number
}

/** What a host of Fastify's has besides. Of the lock file's versions, which are likely to be at hand. */
const BESIDE = ['fastify', '@types/node', '@fastify/jwt', '@sinclair/typebox']

export interface Outcome {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs a program without the loader that tap gives to whatever its tests start: compilers don't bear it. */
export async function runPlain(cwd: string, command: string, ...args: string[]): Promise<Outcome> {
  const child = spawn('env', ['-u', 'NODE_OPTIONS', command, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close')
  ])
  return { status, stdout, stderr }
}

/** @returns what it wrote @throws what it said where it failed */
async function succeed(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runPlain(cwd, command, ...args)
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stderr}`)
  return stdout
}

/** Packs the package as it would be published, and installs the tarball in a new folder, gone with the test. */
export async function installPackage(t: Test): Promise<InstalledPackage> {
  const host = mkdtempSync(join(tmpdir(), 'host-'))
  t.teardown(() => rmSync(host, { recursive: true, force: true }))
  plantLeftover()
  await succeed(ROOT, 'npm', 'pack', '--pack-destination', host)
  const { name, version } = readJson(join(ROOT, 'package.json'))
  const tarball = join(host, `${name}-${version}.tgz`)
  const listed = await succeed(host, 'tar', '-tzf', tarball)

  writeFileSync(join(host, 'package.json'), '{ "name": "host", "private": true, "type": "module" }')
  const { packages } = readJson(join(ROOT, 'package-lock.json'))
  const beside = BESIDE.map((one) => `${one}@${packages[`node_modules/${one}`].version}`)
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund']
  await succeed(host, 'npm', 'install', ...quietly, tarball, ...beside)
  const folder = join(host, 'node_modules', name)
  return {
    host,
    folder,
    manifest: readJson(join(folder, 'package.json')),
    files: listed
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, '')),
    tarballBytes: statSync(tarball).size
  }
}

/** As an older build leaves one whose source is gone since. */
function plantLeftover(): void {
  mkdirSync(join(ROOT, 'dist/src'), { recursive: true })
  writeFileSync(join(ROOT, 'dist/src/leftover.js'), '')
}

/** Those that can be imported. */
export const subpathsOf = ({ exports }: Manifest): string[] =>
  Object.keys(exports).filter((path) => path !== './package.json')

/** `./auth` → `fastify-user-profile/auth` */
export const specifierOf = (subpath: string) => `fastify-user-profile${subpath.slice(1)}`

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
