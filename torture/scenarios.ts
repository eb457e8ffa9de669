import abortedUploads from './aborted-uploads/aborted-uploads.ts'
import backup from './backup/backup.ts'
import between from './between/between.ts'
import bombs from './bombs/bombs.ts'
import crash from './crash/crash.ts'
import diskFull from './disk-full/disk-full.ts'
import fuzz from './fuzz/fuzz.ts'
import type { Scenario } from './harness/scenario.ts'
import locked from './locked/locked.ts'
import migrations from './migrations/migrations.ts'
import nodes from './nodes/nodes.ts'
import overload from './overload/overload.ts'
import powerCut from './power-cut/power-cut.ts'
import readOnly from './read-only/read-only.ts'
import serversAway from './servers-away/servers-away.ts'

/** All there are, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  crash,
  powerCut,
  migrations,
  diskFull,
  readOnly,
  locked,
  overload,
  abortedUploads,
  bombs,
  fuzz,
  backup,
  nodes,
  serversAway,
  between
]
