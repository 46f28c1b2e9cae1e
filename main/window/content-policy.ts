/**
 * What the pages may load: themselves, and nothing of the network. Styles set by scripts through the CSSOM are not
 * concerned; styles and scripts written into the page are forbidden.
 */
export const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
