import { Get, Header } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Configuration } from '@countersign/runtime';
import { ApiController, Answers } from '@countersign/http';
import { JwksResponse, type JwkResponse, ServerMetadataResponse } from './dto/jwks.response';
import { ExtendsIssuer } from './extends-issuer';
import { toJwk } from './keys/id-token-keys';
import { JWKS_MAX_AGE_SECONDS } from './keys/identity-key';
import { IdentityKeys } from './keys/identity-keys';
import { DPOP_ALGORITHMS } from '@countersign/proofs';

const CLIENT_AUTHENTICATION = ['client_secret_basic'] as const;

/**
 * RFC 8414 section 2, without the OpenID provider. There is no authorization or token endpoint. The two empty lists
 * stay, although section 3.2 would omit them: one is required, and without the other the code flow is implied.
 */
function toServerMetadata(issuer: string): ServerMetadataResponse {
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

const CACHING = `public, max-age=${JWKS_MAX_AGE_SECONDS}`;

@ApiController('.well-known', 'Services')
export class WellKnownController {
  private readonly extensions;

  constructor(
    private readonly keys: IdentityKeys,
    private readonly configuration: Configuration,
    discovery: DiscoveryService,
  ) {
    this.extensions = ExtendsIssuer.in(discovery);
  }

  @Get('jwks.json')
  @Header('cache-control', CACHING)
  @Answers('getIdentityKeys', JwksResponse, {
    summary: 'The keys that verify identity tokens',
    description:
      'A JWK Set (RFC 7517). Fetch it again when a token names an unknown `kid`, and keep it as long as `Cache-Control` allows.',
    errors: ['service.unavailable'],
  })
  async jwks(): Promise<JwksResponse> {
    const own = (await this.keys.open()).map((key) => toJwk({ ...key, alg: key.algorithm }, 'public'));
    const added = await Promise.all(this.extensions.all.map((extension) => extension.publicKeys()));
    return { keys: [...own, ...added.flat()] as JwkResponse[] };
  }

  @Get('oauth-authorization-server')
  @Header('cache-control', CACHING)
  @Answers('getServerMetadata', ServerMetadataResponse, 'Authorization server metadata, RFC 8414')
  async metadata(): Promise<ServerMetadataResponse> {
    const added = await Promise.all(this.extensions.all.map((extension) => extension.metadata()));
    return Object.assign(toServerMetadata(this.configuration.issuer), ...added) as ServerMetadataResponse;
  }
}
