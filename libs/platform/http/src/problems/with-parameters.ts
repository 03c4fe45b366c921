/** Adds query parameters to a page. Its own query stays as written. Unicode in the operator's URL is encoded. */
export function withParameters(page: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(page);
  const added = new URLSearchParams(parameters).toString();
  url.search = `${url.search}${url.search === '' ? '?' : '&'}${added}`;
  return url.href;
}
