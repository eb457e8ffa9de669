/** What is counted of each kind of fault, in the order of the table. */
export const OF_FAULTS = [
  'times',
  'requests',
  'errors seen',
  'improper errors',
  'acknowledged writes lost',
  'written by halves',
  'slowest answer, ms',
  'slowest recovery, ms'
] as const

/** What a fault may cost is counted as seen; what it may not as improper too. */
export const [TIMES, REQUESTS, SEEN, IMPROPER, LOST, TORN, SLOWEST, RECOVERY] = OF_FAULTS
