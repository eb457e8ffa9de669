import type { DjangoSource } from '../../django/django-source.ts'
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
  // Loaded only where it is needed: most sources are files.
  const { openPostgresSource } = await import('./postgres-source.ts')
  return openPostgresSource(address)
}

/** Passwords also come as parameters, so none of them is shown. */
function labelOf(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `postgres://${parsed.host}${parsed.pathname}` : 'postgres://…'
}
