/** What is not set, in the service's settings and in the plugins' options alike. */
export const DEFAULTS = {
  apiPrefix: '/api',
  mediaUrl: '/media/',
  signUpOpen: true,
  rateLimit: true,
  avatarById: true,
  libravatar: false,
  accessTtlSeconds: 86_400,
  refreshTtlSeconds: 1_209_600,
  refreshRotation: true,
  reuseGraceMs: 10_000,
  uploadTimeoutMs: 120_000,
  avatarMaxBytes: 10_485_760,
  avatarMaxPixels: 50_000_000,
  avatarMaxSide: 512,
  avatarMaxFrames: 1000,
  avatarAnimationMaxPixels: 25_000_000,
  avatarDecodeTimeoutMs: 10_000,
  avatarDecoders: 2,
  avatarQueue: 256,
  sweepGraceMs: 3_600_000
}
