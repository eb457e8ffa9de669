/** What one core does in a second, and what rows and pictures take up. */
export type Measured = Readonly<typeof MEASURED>

/**
 * On two cores of a shared virtual machine (AMD EPYC); `docs/scaling.md` says of each where it was measured. Rates of nodes are
 * of one core that does nothing else.
 */
export const MEASURED = {
  readsPerCore: 6000,
  updatesPerCore: 3500,
  refreshesPerCore: 2500,
  signInsPerCore: 40,
  uploadsPerCore: 23,
  picturesPerCore: 400,
  databaseReadsPerCore: 15_000,
  databaseWritesPerCore: 9000,
  /** Bytes, with indexes. */
  userBytes: 489,
  sessionBytes: 145,
  tokenBytes: 200,
  pictureBytes: 60_000,
  /** Requests to S3. */
  putsPerUpload: 1,
  getsPerPicture: 1
}
