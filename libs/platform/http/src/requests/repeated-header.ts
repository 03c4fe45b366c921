const AUTHORIZATION = 'authorization';

/**
 * Whether a request repeats `Authorization`. Node keeps the first one; a proxy in front might have checked
 * another.
 * @param rawHeaders names and values as received
 */
export function isAuthorizationRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) count += 1;
  }
  return count > 1;
}
