/**
 * Of the pages: nothing but what comes from here, no inline script or style, no frame.
 * @param pictureOrigins where pictures are fetched from, besides the service itself
 */
export const pageHeaders = (pictureOrigins: readonly string[] = []) => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // `data:` are the stylesheet's icons, `blob:` a picture that was chosen and is not uploaded yet.
    ["img-src 'self' data: blob:", ...pictureOrigins].join(' '),
    ["connect-src 'self'", ...pictureOrigins].join(' '),
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'"
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff'
})
