import { betterAuth, betterAuthWal } from './better-auth.ts'
import { django } from './django.ts'
import type { Peer } from './peer.ts'
import { pocketbase } from './pocketbase.ts'

/** The servers that the benchmark compares with. */
export const PEERS: Peer[] = [pocketbase, betterAuth, betterAuthWal, django]
