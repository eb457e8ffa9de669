/** Of 24 units a side, drawn by strokes. */
const PATHS = {
  minus: 'M5 12h14',
  plus: 'M5 12h14M12 5v14',
  left: 'M19 12H5m6-6-6 6 6 6',
  right: 'M5 12h14m-6-6 6 6-6 6',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14m-6-6 6 6 6-6',
  'turn-left': 'M4 5v5h5M4.6 10a8 8 0 1 1-.3 5',
  'turn-right': 'M20 5v5h-5M19.4 10a8 8 0 1 0 .3 5'
} as const

export type IconName = keyof typeof PATHS

/** A drawing beside or in place of a button's words, which are said otherwise. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
)
