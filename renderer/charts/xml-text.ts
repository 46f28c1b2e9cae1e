/** Text as it may stand in SVG, between tags and in attributes. */
export function escape(text: string): string {
  return xmlOnly(text).replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!)
}

/** Without the characters that XML has no place for: control characters, halves of pairs, U+FFFE and U+FFFF. */
export function xmlOnly(text: string): string {
  return text.replace(
    /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  )
}
