/**
 * What is to be said against changes that break clients: nothing where there are none, or where the changelog says so.
 * @param breaking a line for each
 * @param version of the release that they are compared with
 * @param changelog the text of CHANGELOG.md
 */
export function judgeChanges(breaking: string[], version: string, changelog: string): string | undefined {
  if (breaking.length === 0 || announces(changelog)) return undefined
  return [
    `openapi.json breaks clients of ${version}:`,
    ...breaking.map((line) => `  - ${line}`),
    'Keep what they rely on. Or, where it has to be: say under "### Breaking", in the "## Unreleased" of CHANGELOG.md, what',
    'clients have to change, and let the next version be one that may break (SemVer: a major one, before 1.0.0 a minor one).'
  ].join('\n')
}

/** Whether there is an entry under `### Breaking` in what is not released yet. */
function announces(changelog: string): boolean {
  const unreleased = changelog.split(/^## /m).find((section) => /^\[?Unreleased/i.test(section)) ?? ''
  const breaking = unreleased.split(/^### /m).find((section) => section.startsWith('Breaking')) ?? ''
  return /^- \S/m.test(breaking)
}
