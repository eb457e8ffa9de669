/**
 * Why a server can't be used as it was set: it is away, or refuses. Its message is for people, and holds no password.
 */
export class StoreRefused extends Error {
  readonly setting: 'DATABASE_URL' | 'MEDIA_STORE' | 'REDIS_URL'

  constructor(setting: StoreRefused['setting'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreRefused'
    this.setting = setting
  }
}
