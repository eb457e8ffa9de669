import { ACTIVITY, PRICES, UTILISATION } from './activity.ts'
import type { Measured } from './measured.ts'

/** What so many users need. Rates are of the busiest second, sizes in gigabytes, money in dollars a month. */
export interface Need {
  users: number
  rates: Record<'reads' | 'updates' | 'refreshes' | 'signIns' | 'uploads' | 'pictures', number>
  /** By what they are busy with. */
  nodeCores: Record<'reads' | 'updates' | 'refreshes' | 'signIns' | 'uploads' | 'pictures', number>
  databaseCores: number
  rowsGigabytes: number
  picturesGigabytes: number
  money: Record<'nodes' | 'database' | 'pictures' | 'requests' | 'traffic', number>
}

const DAY_SECONDS = 86_400
const HOURS_OF_A_DAY = 24
const MONTH_DAYS = 30
const GIGABYTE = 1e9
/** Each request that brings an access token reads the user once. */
const READS_BY_REQUEST = 1
/** A refresh, and a sign-in, write that many rows in one transaction. */
const ROWS_OF_REFRESH = 3

/** The need of an average day's busiest second. */
export function needOf(users: number, measured: Measured): Need {
  const activeADay = users * ACTIVITY.activeADay
  const atPeak = (aDay: number) => ((activeADay * aDay) / DAY_SECONDS) * ACTIVITY.peak
  const rates = {
    reads: atPeak(ACTIVITY.reads),
    updates: atPeak(ACTIVITY.updates),
    refreshes: atPeak(ACTIVITY.refreshes),
    signIns: atPeak(ACTIVITY.signIns),
    uploads: atPeak(ACTIVITY.uploads),
    pictures: atPeak(ACTIVITY.pictures)
  }
  const cores = (rate: number, perCore: number) => rate / perCore / UTILISATION
  const nodeCores = {
    reads: cores(rates.reads, measured.readsPerCore),
    updates: cores(rates.updates, measured.updatesPerCore),
    refreshes: cores(rates.refreshes, measured.refreshesPerCore),
    signIns: cores(rates.signIns, measured.signInsPerCore),
    uploads: cores(rates.uploads, measured.uploadsPerCore),
    pictures: cores(rates.pictures, measured.picturesPerCore)
  }
  const lookUps = (rates.reads + rates.updates + rates.uploads) * READS_BY_REQUEST
  const written = rates.updates + rates.uploads + (rates.refreshes + rates.signIns) * ROWS_OF_REFRESH
  const databaseCores =
    cores(lookUps, measured.databaseReadsPerCore) + cores(written, measured.databaseWritesPerCore)
  const sessions = users * ACTIVITY.activeAFortnight
  const tokens =
    sessions * Math.min(14, 14 * (ACTIVITY.activeADay / ACTIVITY.activeAFortnight) * ACTIVITY.refreshes)
  const rowsGigabytes =
    (users * measured.userBytes + sessions * measured.sessionBytes + tokens * measured.tokenBytes) / GIGABYTE
  const picturesGigabytes = (users * ACTIVITY.withPicture * measured.pictureBytes) / GIGABYTE
  const aMonth = (aDay: number) => activeADay * aDay * MONTH_DAYS
  const uploads = aMonth(ACTIVITY.uploads)
  const pictures = aMonth(ACTIVITY.pictures)
  // A listing of a thousand for each sweep, which one of all nodes makes each hour.
  const lists = ((users * ACTIVITY.withPicture) / 1000) * HOURS_OF_A_DAY * MONTH_DAYS
  return {
    users,
    rates,
    nodeCores,
    databaseCores,
    rowsGigabytes,
    picturesGigabytes,
    money: {
      nodes: wholeNodes(nodeCores) * PRICES.nodeCore,
      database:
        Math.max(2, Math.ceil(databaseCores)) * 2 * PRICES.databaseCore +
        rowsGigabytes * PRICES.databaseGigabyte,
      pictures: picturesGigabytes * PRICES.storedGigabyte,
      requests:
        ((uploads * measured.putsPerUpload + lists) / 1000) * PRICES.thousandPuts +
        ((pictures * measured.getsPerPicture) / 1000) * PRICES.thousandGets,
      traffic: ((pictures * measured.pictureBytes) / GIGABYTE) * PRICES.gigabyteOut
    }
  }
}

/** Cores to run: one more than are needed, so that one may go, and two at least. */
export const wholeNodes = (cores: Need['nodeCores']): number =>
  Math.max(2, Math.ceil(Object.values(cores).reduce((sum, one) => sum + one, 0)) + 1)
