/** Twelve hues, each dark enough for white letters: a contrast of 5 to 1 and more (WCAG 2.2, 1.4.3 asks for 4.5). */
export const PLACEHOLDER_COLOURS = [
  '#bf4040',
  '#936231',
  '#6f6f25',
  '#4f7728',
  '#297c29',
  '#297a52',
  '#287777',
  '#376fa6',
  '#6060ca',
  '#8a4fc4',
  '#ae3aae',
  '#b83d7a'
] as const

/** What a placeholder shows: initials on one of the colours, or, where there are none, the outline of a person. */
export interface Placeholder {
  /** One or two letters or digits, or empty. */
  initials: string
  /** Index into `PLACEHOLDER_COLOURS`. */
  colour: number
}

const NAME = /^((?:[\p{L}\p{N}]{1,2})?)-(\d{1,2})\.svg$/u

export const placeholderName = ({ initials, colour }: Placeholder): string => `${initials}-${colour}.svg`

/** Undefined for every other name: nothing but letters and digits gets into a drawing. */
export function parsePlaceholderName(name: string): Placeholder | undefined {
  const [, initials = '', digits = ''] = NAME.exec(name) ?? []
  const colour = Number(digits)
  const isName = digits === String(colour) && colour < PLACEHOLDER_COLOURS.length
  return isName ? { initials, colour } : undefined
}

const PERSON = '<circle cx="32" cy="25" r="11"/><path d="M10 64a22 22 0 0 1 44 0z"/>'

/** A square picture, in SVG. */
export function drawPlaceholder({ initials, colour }: Placeholder): string {
  const size = [...initials].length > 1 ? 26 : 32
  const font = `font-family="system-ui,sans-serif" font-size="${size}" text-anchor="middle"`
  const shown = initials === '' ? PERSON : `<text x="32" y="32" dy=".36em" ${font}>${initials}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="256" height="256" role="img"><rect width="64" height="64" fill="${PLACEHOLDER_COLOURS[colour]}"/><g fill="#fff">${shown}</g></svg>`
}
