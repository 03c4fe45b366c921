/** The headers that a check reads; undefined where there is none. */
export interface CheckHeaders {
  readonly authorization: string | undefined;
  readonly dpop: string | undefined;
  /** Undefined as well when there are two. */
  readonly requestId: string | undefined;
  /** Node keeps the first of two credentials; a service behind the gateway might keep the second. */
  readonly areCredentialsRepeated: boolean;
}

/**
 * Parses the flat list of names and values. Node's object of all headers, built at first access, costs as
 * much as the digest of the token.
 */
export function readCheckHeaders(rawHeaders: readonly string[]): CheckHeaders {
  let authorization: string | undefined;
  let dpop: string | undefined;
  let requestId: string | undefined;
  let [areCredentialsRepeated, requestIds] = [false, 0];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const value = rawHeaders[index + 1];
    switch (nameAt(rawHeaders, index)) {
      case 'authorization':
        areCredentialsRepeated ||= authorization !== undefined;
        authorization ??= value;
        break;
      case 'dpop':
        areCredentialsRepeated ||= dpop !== undefined;
        dpop ??= value;
        break;
      case 'x-request-id':
        requestIds += 1;
        requestId = requestIds === 1 ? value : undefined;
        break;
      default:
    }
  }
  return { authorization, dpop, requestId, areCredentialsRepeated };
}

/** Lower-cased only if it has the length of a relevant one. */
function nameAt(rawHeaders: readonly string[], index: number): string {
  const name = rawHeaders[index] ?? '';
  return name.length === 13 || name.length === 4 || name.length === 12 ? name.toLowerCase() : '';
}
