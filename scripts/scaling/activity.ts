/** What people do, a day and head. All of it is a guess that a person can replace by what they know. */
export const ACTIVITY = {
  /** Of all accounts. */
  activeADay: 0.1,
  /** Of all accounts; they have a session. */
  activeAFortnight: 0.25,
  /** Of all accounts. */
  withPicture: 0.5,
  /** Of those who are active that day: */
  reads: 20,
  refreshes: 1,
  updates: 0.1,
  signIns: 0.1,
  uploads: 0.01,
  /** Pictures that are looked at and are in no cache of a browser or a network. */
  pictures: 20,
  /** How long a refresh token is good. */
  refreshDays: 14,
  /** The busiest second by the average one. */
  peak: 4
} as const

/** Dollars, a month where they are not for a number of requests: about what large providers ask for without a contract. */
export const PRICES = {
  nodeCore: 25,
  databaseCore: 60,
  /** Of fast disks, twice for a replica. */
  databaseGigabyte: 0.25,
  storedGigabyte: 0.023,
  /** Listings cost as much. */
  thousandPuts: 0.005,
  thousandGets: 0.0004,
  gigabyteOut: 0.09
} as const

/** How busy a core may be at the peak. */
export const UTILISATION = 0.6
