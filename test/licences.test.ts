import { readFileSync } from 'node:fs'
import t from 'tap'

interface Locked {
  version?: string
  license?: string
  dev?: boolean
  devOptional?: boolean
}

/** Licences that ask of who passes a copy on no more than to name its authors. */
const PERMISSIVE = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0'
])

/** libvips: linked dynamically, from a package of its own that can be replaced, which is what the LGPL asks for. */
const LIBVIPS = /^node_modules\/@img\/sharp-(libvips|wasm32|win32)/

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked>
}

t.test('everything that is installed with the package may be passed on with it', async (t) => {
  const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev)
  t.ok(installed.length > 100)
  const refused = installed.filter(([path, { license = 'none' }]) => {
    if (PERMISSIVE.has(license)) return false
    return !(
      LIBVIPS.test(path) &&
      license.split(' AND ').every((one) => one === 'LGPL-3.0-or-later' || PERMISSIVE.has(one))
    )
  })
  t.strictSame(
    refused.map(([path, { license }]) => `${path}: ${license}`),
    []
  )
})

t.test('what is installed comes from the registry, by checksum', async (t) => {
  for (const [path, locked] of Object.entries(packages)) {
    if (path === '') continue
    const { integrity, resolved, link, inBundle } = locked as Record<string, unknown>
    if (inBundle) continue
    t.notOk(link, `${path} is a copy`)
    t.match(integrity, /^sha512-/, path)
    t.equal(resolved, undefined, `${path} is named by no address`)
  }
})
