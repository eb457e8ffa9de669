import module from 'node:module'
import { fileURLToPath } from 'node:url'

// Plain JavaScript in words that every Node knows, so that one that is too old gets a sentence, not a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

/** The first minor of each major that runs TypeScript as it is; majors that are not named always do. */
const firstMinors = { 22: 18, 23: 6 }

if (major < 22 || minor < (firstMinors[major] ?? 0)) {
  console.error(`fastify-user-profile needs Node.js 22.18 or newer; this is ${process.version}.`)
  process.exitCode = 1
} else {
  keepCompiled()
  import('../server.ts')
    .then(({ startServer }) => startServer())
    .catch((error) => {
      // A setting's error says all that there is to say; of any other the stack may be wanted.
      const reason = error.name === 'ConfigError' ? error.message : error.stack
      console.error(`fastify-user-profile could not start: ${reason}`)
      process.exitCode = 1
    })
}

/** Keeps what Node makes of the sources between starts. Where the folder can't be written, it is made anew each time. */
function keepCompiled() {
  module.enableCompileCache?.(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)))
}
