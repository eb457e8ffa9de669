import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings, type Settings } from '../../config.ts'
import { openMedia, openRows } from '../../open-stores.ts'
import { nameSetting } from '../name-setting.ts'
import { areStrangers, examine } from './doctor-examination.ts'
import { type DoctorOptions, readOptions } from './doctor-options.ts'
import { createReport } from './doctor-report.ts'

/**
 * `fastify-user-profile doctor`: runs it with its arguments and answers its exit code.
 * @throws what keeps it from looking, with the setting's name
 */
export async function runDoctor(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'number') return options
  const settings = readSettings()
  // The service would make both; here an empty folder in the place of one that is not mounted would be no help.
  const absent = placesOf(settings).find((path) => !existsSync(path))
  if (absent !== undefined) {
    process.stderr.write(`There is nothing to look at: ${absent} does not exist.\n`)
    return 2
  }
  try {
    return await openAndExamine(settings, options)
  } catch (error) {
    throw nameSetting(error, settings)
  }
}

/** The file and the folder of what is kept here. */
const placesOf = ({ database, mediaStore }: Settings): string[] => [
  ...(database.kind === 'sqlite' ? [database.path] : []),
  ...(mediaStore.kind === 'disk' ? [mediaStore.folder] : [])
]

async function openAndExamine(settings: Settings, options: DoctorOptions): Promise<number> {
  const { database, mediaRoot, mediaStore, sweepGraceMs, uploadTimeoutMs } = settings
  const media = await openMedia(mediaStore)
  const { users, close } = await openRows(database, { keepEmailHashes: false })
  try {
    const refused = options.fix && !options.force && (await areStrangers({ users, media }))
    const fix = options.fix && !refused
    const report = createReport(process.stdout, { json: options.json, fix })
    await examine({
      users,
      media,
      uploadFolder: join(mediaRoot, '.uploads'),
      report,
      fix,
      graceMs: options.graceMs ?? sweepGraceMs,
      uploadTimeoutMs: options.graceMs === 0 ? undefined : uploadTimeoutMs
    })
    return report.end(refused)
  } finally {
    await close()
    await media.close?.()
  }
}
