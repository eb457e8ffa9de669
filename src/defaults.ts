/** What is not set, in the service's settings and in the plugins' options alike. */
export const DEFAULTS = {
  apiPrefix: '/api',
  mediaUrl: '/media/',
  signUpOpen: true,
  rateLimit: true,
  avatarById: true,
  libravatar: false,
  docs: false,
  pages: false,
  admin: false,
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

const TEN_YEARS_SECONDS = 315_360_000
/** More is more than libvips takes. */
const MOST_PIXELS = 268_402_689

/** The least and the most of each number, in the settings and the options alike. */
export const RANGES = {
  accessTtlSeconds: [1, TEN_YEARS_SECONDS],
  refreshTtlSeconds: [1, TEN_YEARS_SECONDS],
  reuseGraceMs: [0, 3_600_000],
  uploadTimeoutMs: [1000, 3_600_000],
  avatarMaxBytes: [1024, 1_073_741_824],
  avatarMaxPixels: [1024, MOST_PIXELS],
  avatarMaxSide: [16, 2048],
  avatarMaxFrames: [1, 100_000],
  avatarAnimationMaxPixels: [0, MOST_PIXELS],
  avatarDecodeTimeoutMs: [1000, 3_600_000],
  avatarDecoders: [1, 256],
  avatarQueue: [0, 100_000],
  sweepGraceMs: [60_000, TEN_YEARS_SECONDS * 1000]
} as const satisfies { [Name in keyof typeof DEFAULTS]?: readonly [min: number, max: number] }
