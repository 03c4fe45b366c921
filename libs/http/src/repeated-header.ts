const AUTHORIZATION = 'authorization';

/**
 * Whether a request has `Authorization` more than once. Node keeps the first one; a proxy in front might have looked at another.
 * @param rawHeaders names and values as they came
 */
export function isAuthorizationRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) count += 1;
  }
  return count > 1;
}
