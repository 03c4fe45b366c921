/** The page with more in its query, which stays as it is written. What the operator wrote in Unicode is encoded. */
export function withParameters(page: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(page);
  const added = new URLSearchParams(parameters).toString();
  url.search = `${url.search}${url.search === '' ? '?' : '&'}${added}`;
  return url.href;
}
