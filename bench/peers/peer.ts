import type { Server } from '../harness/processes.ts'
import type { LoadRequest } from '../load/load.ts'

/** Somebody else's server that updates profiles, started as its documentation says. */
export interface Peer {
  name: string
  /** What it does by default before it acknowledges a write, such as `WAL, synchronous=NORMAL`. */
  durability: string
  /** What it does with a picture that is uploaded; none where it takes none. */
  uploadWork?: string
  /**
   * Installs what it needs into a folder that is kept between runs; does nothing where that is done already.
   * @returns the versions that were installed, such as `{ pocketbase: '0.30.0' }`
   */
  install(cache: string): Promise<Record<string, string>>
  /** Starts it on a new database in `folder`, with users who are signed in. */
  start(options: PeerStart): Promise<RunningPeer>
}

export interface PeerStart {
  cache: string
  /** Empty, and deleted afterwards. */
  folder: string
  port: number
  userCount: number
  /** A JPEG, for `uploads`. */
  picture: Buffer
}

export interface RunningPeer {
  server: Server
  /** One JSON update of each user, all of which answer 2xx, however often they are sent. */
  updates: LoadRequest[]
  /** One upload of the picture by each of a few users. */
  uploads?: LoadRequest[]
}
