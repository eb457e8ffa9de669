import type { FastifyReply } from 'fastify'

/** For this long a page may show somebody's last picture. */
const MAX_AGE_SECONDS = 60

/** The picture itself is cached for ever under its own name; where it is, only for a while. */
export function redirectToAvatar(reply: FastifyReply, path: string) {
  return reply
    .headers({
      'cache-control': `public, max-age=${MAX_AGE_SECONDS}`,
      'cross-origin-resource-policy': 'cross-origin'
    })
    .redirect(path, 302)
}
