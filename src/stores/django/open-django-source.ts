import { type DjangoSource, SourceError } from '../../django/django-source.ts'
import { errorCode } from '../../error-code.ts'
import { openSqliteSource } from './sqlite-source.ts'

export interface SourceLocation {
  kind: 'sqlite' | 'postgres'
  /** The file, or the whole URL with whatever password it holds. */
  address: string
  /** For people: without a password. */
  label: string
}

/** Takes a file's path, with or without `sqlite:` in front, or a URL of PostgreSQL. */
export function readLocation(text: string): SourceLocation {
  if (/^postgres(?:ql)?:\/\//i.test(text)) return { kind: 'postgres', address: text, label: labelOf(text) }
  const address = text.replace(/^sqlite:(?:\/\/(?=\/))?/, '')
  return { kind: 'sqlite', address, label: address }
}

/** Opens Django's database as it is now. @throws {SourceError} */
export async function openDjangoSource({ kind, address }: SourceLocation): Promise<DjangoSource> {
  if (kind === 'sqlite') return openSqliteSource(address)
  const { openPostgresSource } = await loadPostgresSource()
  return openPostgresSource(address)
}

/** Loaded only where it is needed: most sources are files. So its driver is for those to install who need it. */
async function loadPostgresSource() {
  try {
    return await import('./postgres-source.ts')
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new SourceError('PostgreSQL is read by the package pg, which is not installed: npm install pg', {
      cause: error
    })
  }
}

/** Passwords also come as parameters, so none of them is shown. */
function labelOf(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `postgres://${parsed.host}${parsed.pathname}` : 'postgres://…'
}
