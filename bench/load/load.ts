/** One request of a load, sent again and again. */
export interface LoadRequest {
  method: string
  path: string
  headers: Record<string, string>
  body?: string | Buffer
}

/** A closed loop: each connection sends its next request as soon as the last one was answered. */
export interface LoadOptions {
  origin: string
  connections: number
  /** At least 1, whole. */
  seconds: number
  /** As `writeRequests` wrote them; the connections send them in turn, from the first to the last and over again. */
  requestsFile: string
}

export interface LoadResult {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  maxMs: number
}

/** A program that makes load. */
export interface LoadClient {
  /** With its version. */
  name: string
  /** @throws where any answer was not 2xx, or none came: such a run says nothing about speed */
  run(options: LoadOptions): Promise<LoadResult>
}
