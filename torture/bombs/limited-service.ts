// The service as a process whose memory is limited, with that of its decoders. Argument: the group's file of processes.
import { writeFileSync } from 'node:fs'
import { MAIN } from '../../test/service.ts'

const [procs = ''] = process.argv.splice(2)
writeFileSync(procs, String(process.pid))
await import(MAIN)
