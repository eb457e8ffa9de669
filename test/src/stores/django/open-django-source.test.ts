import { registerHooks } from 'node:module'
import t from 'tap'
import { SourceError } from '../../../../src/django/django-source.ts'
import { openDjangoSource, readLocation } from '../../../../src/stores/django/open-django-source.ts'

t.test('where the driver of PostgreSQL is not installed, the error says what to install', async (t) => {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      return next(specifier === 'pg' ? 'pg-that-nobody-has' : specifier, context)
    }
  })
  t.teardown(() => hooks.deregister())
  await t.rejects(openDjangoSource(readLocation('postgres://django:secret@127.0.0.1/site')), {
    constructor: SourceError,
    message: 'PostgreSQL is read by the package pg, which is not installed: npm install pg'
  })
})
