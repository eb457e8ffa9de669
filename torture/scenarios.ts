import backup from './backup/backup.ts'
import crash from './crash/crash.ts'
import type { Scenario } from './harness/scenario.ts'
import migrations from './migrations/migrations.ts'
import overload from './overload/overload.ts'
import powerCut from './power-cut/power-cut.ts'

/** All there are, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [crash, powerCut, migrations, overload, backup]
