/** What one core does in a second, and what rows and pictures take up. */
export type Measured = Readonly<typeof MEASURED>

/**
 * On two cores of a shared virtual machine; `docs/scaling.md` says of each where it was measured. Rates of nodes are of one core
 * that does nothing else, or has PostgreSQL beside it.
 */
export const MEASURED = {
  readsPerCore: 13_000,
  updatesPerCore: 6500,
  refreshesPerCore: 1000,
  signInsPerCore: 40,
  uploadsPerCore: 23,
  picturesPerCore: 400,
  databaseReadsPerCore: 20_000,
  databaseWritesPerCore: 9800,
  /** Bytes, with indexes. */
  userBytes: 489,
  sessionBytes: 153,
  tokenBytes: 200,
  pictureBytes: 60_000,
  /** Requests to S3. */
  putsPerUpload: 1,
  getsPerPicture: 1
}
