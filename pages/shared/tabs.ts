import { baseUrl } from './settings.ts'

/** What the tabs of one browser tell each other, since they share a session. */
export type TabMessage =
  | { kind: 'signed-in'; id: number }
  | { kind: 'signed-out' }
  /** A profile is not what it was. */
  | { kind: 'changed'; id: number }

// Services of one origin are told apart by their paths.
const channel = new BroadcastChannel(`fastify-user-profile ${baseUrl}`)

/** Tells the other tabs, not this one. */
export const tellTabs = (message: TabMessage): void => channel.postMessage(message)

export const onTabMessage = (follow: (message: TabMessage) => void): void =>
  channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => follow(data))
