import { DPOP_ALGORITHMS } from '@countersign/dpop';
import type { JwkResponse, JwksResponse } from './dto/jwks.response';
import type { ServerMetadataResponse } from './dto/server-metadata.response';
import type { OpenIdentityKey } from './keys/key-pairs';

const CLIENT_AUTHENTICATION = ['client_secret_basic'] as const;

export function toJwks(keys: readonly OpenIdentityKey[]): JwksResponse {
  return { keys: keys.map(toJwk) };
}

function toJwk({ kid, algorithm: alg, publicKey }: OpenIdentityKey): JwkResponse {
  return { kid, alg, use: 'sig', ...publicKey };
}

/**
 * RFC 8414 section 2. There is no authorization or token endpoint, so none is named. The two empty lists
 * stay, although section 3.2 would omit them: one is required, and without the other the authorization code
 * flow is implied.
 */
export function toServerMetadata(issuer: string): ServerMetadataResponse {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    introspection_endpoint: `${issuer}/v1/oauth/introspect`,
    introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    revocation_endpoint: `${issuer}/v1/oauth/revoke`,
    // The holder of a token may end its session.
    revocation_endpoint_auth_methods_supported: [...CLIENT_AUTHENTICATION, 'none'],
    response_types_supported: [],
    grant_types_supported: [],
    dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    service_documentation: `${issuer}/docs`,
  };
}
