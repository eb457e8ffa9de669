import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import t from 'tap'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Bytes of a page's script that imports these, with everything that they import. */
async function bytesOf(names: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export ${names} from './entries/client-browser.ts'`, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'esm'
  })
  return outputFiles[0]?.contents.length ?? Number.POSITIVE_INFINITY
}

t.test('the client is small, openapi-fetch included, and brings nothing of Node', async (t) => {
  const bytes = await bytesOf('{ createClient, isProfileError }')
  t.comment(`${bytes} bytes, with everything else ${await bytesOf('*')}`)
  t.ok(bytes < 12_000)
})

t.test('its types are those of the routes: npm run openapi', async (t) => {
  const script = `${root}/scripts/generate-client-types.ts`
  // tap's own loader would be in the way of the script's.
  const env = { ...process.env, NODE_OPTIONS: '' }
  t.equal(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8', env }), '')
})
