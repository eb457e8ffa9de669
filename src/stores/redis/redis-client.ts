/**
 * What is used of a connection to Redis: ioredis's `Redis` and `Cluster` have it. Both reject where Redis is away or refuses.
 */
export interface RedisClient {
  evalsha(sha1: string, numberOfKeys: number, ...keysAndArguments: (string | number)[]): Promise<unknown>
  eval(script: string, numberOfKeys: number, ...keysAndArguments: (string | number)[]): Promise<unknown>
}
