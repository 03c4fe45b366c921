/** Of a whole URL, the query as it was sent: neither decoded nor with the fragment. Any other text is the query itself. */
export function pastedQuery(text: string): string {
  const query = /^https?:\/\/[^?#]*\??([^#]*)/i.exec(text)?.[1];
  return query ?? text;
}
