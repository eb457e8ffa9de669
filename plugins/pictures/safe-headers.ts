/** Of pictures. They come from strangers: whatever a browser is made to take one for, it runs nothing. */
export const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin'
}
