/**
 * Subprotocols with these prefixes contain credentials: in browsers, a page can set the subprotocols of a WebSocket,
 * but no header (ADR 0015). Access tokens and DPoP proofs are valid subprotocols (RFC 6455, section 4.1).
 */
const TOKEN_PREFIX = 'countersign.token.';
const PROOF_PREFIX = 'countersign.dpop.';

export interface CheckHeaders {
  /** The header, or the same value made from a token in `Sec-WebSocket-Protocol`. */
  readonly authorization: string | undefined;
  readonly dpop: string | undefined;
  /** The application to which init data belongs. */
  readonly applicationId: string | undefined;
  /** Also undefined if there are two. */
  readonly requestId: string | undefined;
  /** Node keeps the first of two credentials. A service behind the gateway might keep the second. */
  readonly areCredentialsRepeated: boolean;
  /** `Sec-WebSocket-Protocol` without credentials; empty if nothing else was offered. */
  readonly subprotocols: string | undefined;
}

/** Parses the flat list of names and values. Node's object of all headers costs as much as the digest of the token. */
export function readCheckHeaders(rawHeaders: readonly string[]): CheckHeaders {
  let authorization: string | undefined;
  let dpop: string | undefined;
  let requestId: string | undefined;
  let applicationId: string | undefined;
  let offered: string[] | undefined;
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
      case 'x-countersign-application':
        areCredentialsRepeated ||= applicationId !== undefined;
        applicationId ??= value;
        break;
      case 'x-request-id':
        requestIds += 1;
        requestId = requestIds === 1 ? value : undefined;
        break;
      case 'sec-websocket-protocol':
        (offered ??= []).push(value ?? '');
        break;
      default:
    }
  }
  const found = {
    authorization,
    dpop,
    applicationId,
    requestId,
    areCredentialsRepeated,
    subprotocols: undefined,
  };
  return offered ? withOffer(found, offered) : found;
}

/**
 * Credentials in a header and in a subprotocol count as repeated, because other services might choose the other one.
 * @param offered all `Sec-WebSocket-Protocol` headers: several count as one list (RFC 6455, section 11.3.4)
 */
function withOffer(found: CheckHeaders, offered: readonly string[]): CheckHeaders {
  const entries = offered.flatMap((value) => value.split(',')).map((entry) => entry.trim());
  const behind = (prefix: string): string[] =>
    entries.filter((entry) => entry.startsWith(prefix)).map((entry) => entry.slice(prefix.length));
  const [accessTokens, proofs] = [behind(TOKEN_PREFIX), behind(PROOF_PREFIX)];
  const others = entries.filter(
    (entry) => entry !== '' && !entry.startsWith(TOKEN_PREFIX) && !entry.startsWith(PROOF_PREFIX),
  );
  const dpop = found.dpop ?? proofs[0];
  const [accessToken] = accessTokens;
  const scheme = dpop === undefined ? 'Bearer' : 'DPoP';
  return {
    ...found,
    authorization:
      found.authorization ?? (accessToken === undefined ? undefined : `${scheme} ${accessToken}`),
    dpop,
    areCredentialsRepeated:
      found.areCredentialsRepeated ||
      accessTokens.length > (found.authorization === undefined ? 1 : 0) ||
      proofs.length > (found.dpop === undefined ? 1 : 0),
    subprotocols: others.join(', '),
  };
}

const RELEVANT_LENGTHS: ReadonlySet<number> = new Set([4, 12, 13, 22, 25]);

/** Lower-cased only if it has the length of a relevant one. */
function nameAt(rawHeaders: readonly string[], index: number): string {
  const name = rawHeaders[index] ?? '';
  return RELEVANT_LENGTHS.has(name.length) ? name.toLowerCase() : '';
}
