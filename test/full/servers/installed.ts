import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Outside of the checkout, so that a new one needs no new installation. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fastify-user-profile')
/** What `install-servers` puts there, by the versions that it names. */
const SERVERS = {
  versitygw: 'versitygw-v1.8.0/versitygw',
  toxiproxy: 'toxiproxy-v2.12.0/server',
  moto: 'moto-5.2.5/bin/moto_server'
}

/** The path of a server's program. @throws where it is not installed */
export function installedServer(name: keyof typeof SERVERS): string {
  const program = join(CACHE, SERVERS[name])
  if (existsSync(program)) return program
  throw new Error(`there is no ${program}; test/full/servers/install-servers makes it`)
}
