/** Of the table that most rows use. */
export const USERS = 1000

/** At once, of a load of short requests. */
export const CONNECTIONS = 50
