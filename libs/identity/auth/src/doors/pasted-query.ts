/**
 * The query of a whole URL as it was sent: not decoded, without the fragment. Any other text is the query
 * itself.
 */
export function pastedQuery(text: string): string {
  const query = /^https?:\/\/[^?#]*\??([^#]*)/i.exec(text)?.[1];
  return query ?? text;
}
