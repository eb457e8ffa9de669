import { language } from '../../shared/language/language.ts'

const UNITS = ['bytes', 'KB', 'MB', 'GB'] as const

/** 10485760 → "10 MB": in powers of 1024, as the service's own sentences count. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1)
  const size = (bytes / 1024 ** power).toLocaleString(language.get(), { maximumFractionDigits: 1 })
  return `${size} ${UNITS[power]}`
}
