import { fileURLToPath, pathToFileURL } from 'node:url'
import t from 'tap'
import { MAIN, run } from '../service.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/fastify-user-profile.js', import.meta.url))

/** A module that writes the URL of each `main.js` that is loaded. */
const TELL_LOADED = `
  import { registerHooks } from 'node:module'
  registerHooks({
    load(url, context, next) {
      if (url.endsWith('/main.js')) process.stderr.write(url)
      return next(url, context)
    }
  })`

t.test('in a checkout the program is its sources, built or not', async (t) => {
  const outcome = await run(t.testdir({}), {
    main: PROGRAM,
    nodeOptions: [`--import=data:text/javascript,${encodeURIComponent(TELL_LOADED)}`],
    args: ['--help']
  }).ended
  t.match(outcome, {
    code: 0,
    stdout: /^fastify-user-profile \[command\]\n/,
    stderr: pathToFileURL(MAIN).href
  })
})
