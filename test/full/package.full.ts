import t from 'tap'
import { testContents } from '../package/contents.ts'
import { testExamples } from '../package/examples.ts'
import { installPackage } from '../package/install.ts'
import { testModules } from '../package/modules.ts'
import { testProgram } from '../package/program.ts'
import { testTypes } from '../package/types.ts'

// One installation for all of it: packing and installing take half a minute.
const installed = await installPackage(t)
testContents(t, installed)
testModules(t, installed)
testProgram(t, installed)
testExamples(t, installed)
testTypes(t, installed)
