/** Without control characters: names are written to logs. */
export function isName(value: unknown): value is string {
  // oxlint-disable-next-line no-control-regex -- these are what no name has
  return typeof value === 'string' && /^[^\u0000-\u001f\u007f]{1,256}$/.test(value);
}
