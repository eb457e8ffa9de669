import { packageVersion } from '../../src/package-version.ts'
import type { ApiDescription } from './api-description.ts'

const TAGS = [
  { name: 'Profile', description: 'One’s own profile.' },
  { name: 'Accounts', description: 'Signing up and in, passwords, and the end of accounts.' },
  { name: 'Tokens', description: 'JSON Web Tokens with SimpleJWT’s claims.' },
  { name: 'Pictures', description: 'Avatars, squares of them, and what stands for those who have none.' }
]

const ADMINISTRATION = {
  name: 'Administration',
  description:
    'For staff and superusers. Both see everybody; staff act only upon users who are neither, superusers upon everybody. Each act is in the audit log before it is done.'
}

export const tagsOf = ({ admin }: ApiDescription) => (admin ? [...TAGS, ADMINISTRATION] : TAGS)

/** The document's `info`. */
export async function introduction({ hasAccounts, refreshRotation }: ApiDescription) {
  return {
    title: 'fastify-user-profile',
    version: await packageVersion(),
    summary: 'User accounts and profiles with avatars',
    description: [
      'Paths work with and without the slash at their end. Bodies are JSON, `multipart/form-data` or `application/x-www-form-urlencoded`.',
      'Errors are either `{"field": ["sentence", …]}`, with every invalid field at once, or one sentence as `detail` or `error`. Any request may be refused with 400, 408 or 431 where it is no HTTP, too slow, or its headers are too large, and with 405 where its path has other methods (`Allow` names them).',
      hasAccounts
        ? `Access tokens are sent as \`Authorization: Bearer <access>\`. Refresh tokens ${refreshRotation ? 'rotate: each works once' : 'work until they expire'}.`
        : 'Access tokens are sent as `Authorization: Bearer <access>`, and come from elsewhere.'
    ].join('\n\n'),
    license: { name: 'MIT', identifier: 'MIT' }
  }
}
