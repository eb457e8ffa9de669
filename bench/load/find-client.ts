import { findAutocannon } from './autocannon.ts'
import type { LoadClient } from './load.ts'
import { findWrk } from './wrk.ts'

export const findClient = (): LoadClient => findWrk() ?? findAutocannon()
