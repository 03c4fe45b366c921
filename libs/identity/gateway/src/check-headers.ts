import { readSocketOffer } from './socket-credentials';

/** The headers that a check reads; undefined where there is none. */
export interface CheckHeaders {
  /** The header, or the same of a token in `Sec-WebSocket-Protocol`. */
  readonly authorization: string | undefined;
  readonly dpop: string | undefined;
  /** Undefined as well when there are two. */
  readonly requestId: string | undefined;
  /** Node keeps the first of two credentials; a service behind the gateway might keep the second. */
  readonly areCredentialsRepeated: boolean;
  /** `Sec-WebSocket-Protocol` without credentials; empty when nothing else was offered. */
  readonly subprotocols: string | undefined;
}

/**
 * Parses the flat list of names and values. Node's object of all headers, built at first access, costs as
 * much as the digest of the token.
 */
export function readCheckHeaders(rawHeaders: readonly string[]): CheckHeaders {
  let authorization: string | undefined;
  let dpop: string | undefined;
  let requestId: string | undefined;
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
  const found = { authorization, dpop, requestId, areCredentialsRepeated, subprotocols: undefined };
  return offered ? withOffer(found, offered) : found;
}

/** Credentials in a header and in a subprotocol are repeated ones: a choice between them could be another one elsewhere. */
function withOffer(found: CheckHeaders, offered: readonly string[]): CheckHeaders {
  const { accessTokens, proofs, forService } = readSocketOffer(offered);
  const dpop = found.dpop ?? proofs[0];
  const [accessToken] = accessTokens;
  const scheme = dpop === undefined ? 'Bearer' : 'DPoP';
  return {
    authorization:
      found.authorization ?? (accessToken === undefined ? undefined : `${scheme} ${accessToken}`),
    dpop,
    requestId: found.requestId,
    areCredentialsRepeated:
      found.areCredentialsRepeated ||
      accessTokens.length > (found.authorization === undefined ? 1 : 0) ||
      proofs.length > (found.dpop === undefined ? 1 : 0),
    subprotocols: forService,
  };
}

/** Lower-cased only if it has the length of a relevant one. */
function nameAt(rawHeaders: readonly string[], index: number): string {
  const name = rawHeaders[index] ?? '';
  return name.length === 13 || name.length === 4 || name.length === 12 || name.length === 22
    ? name.toLowerCase()
    : '';
}
