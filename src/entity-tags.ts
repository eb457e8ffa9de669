/** A list of entity tags and nothing else (RFC 9110, 5.6.1 and 8.8.3). */
const TAGS = /^[\t ,]*(?:(?:W\/)?"[!#-~\x80-\xff]*"[\t ]*(?:,[\t ,]*|$))+$/

/** The entity tags that a condition lists, weak ones with their `W/`; none where it is no such list. */
export const readTags = (condition: string): string[] =>
  TAGS.test(condition) ? (condition.match(/(?:W\/)?"[^"]*"/g) ?? []) : []

/** Whether a condition is for whatever there is. */
export const isAny = (condition: string): boolean => condition.trim() === '*'

/** Whether an `If-None-Match` names the tag (RFC 9110, 13.1.2). */
export const namesTag = (condition: string | undefined, etag: string): boolean =>
  condition !== undefined &&
  (isAny(condition) || readTags(condition).some((tag) => tag.replace(/^W\//, '') === etag))

/** Whether an `If-Match` does, which takes no weak tag for the same (RFC 9110, 13.1.1). */
export const matchesTag = (condition: string, etag: string): boolean =>
  isAny(condition) || readTags(condition).includes(etag)
