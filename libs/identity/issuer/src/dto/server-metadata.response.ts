import { ApiProperty } from '@nestjs/swagger';
import { DPOP_ALGORITHMS } from '@countersign/dpop';
import { Text } from '@countersign/http';

const ISSUER = 'https://id.example.com';
const url = (path: string, description: string) => ({
  description,
  format: 'uri',
  example: `${ISSUER}${path}`,
});

/** Authorization server metadata, RFC 8414 section 2. */
export class ServerMetadataResponse {
  @ApiProperty(url('', 'The issuer of the tokens: this service.'))
  issuer: string;

  @ApiProperty(url('/.well-known/jwks.json', 'The URL of the keys that verify identity tokens.'))
  jwks_uri: string;

  @ApiProperty(url('/v1/oauth/introspect', 'Where tokens are introspected, RFC 7662.'))
  introspection_endpoint: string;

  @Text('How a client authenticates there.', ['client_secret_basic'], { list: {} })
  introspection_endpoint_auth_methods_supported: readonly string[];

  @ApiProperty(url('/v1/oauth/revoke', 'Where tokens are revoked, RFC 7009.'))
  revocation_endpoint: string;

  @Text('How a client authenticates there; `none` with the token alone.', ['client_secret_basic', 'none'], {
    list: {},
  })
  revocation_endpoint_auth_methods_supported: readonly string[];

  @Text('Empty: people sign in with proofs, not at an authorization endpoint.', [], { list: {} })
  response_types_supported: readonly string[];

  @Text('Empty: there is no token endpoint of OAuth.', [], { list: {} })
  grant_types_supported: readonly string[];

  @Text('Algorithms of DPoP proofs.', DPOP_ALGORITHMS, { list: {} })
  dpop_signing_alg_values_supported: readonly string[];

  @ApiProperty(url('/docs', 'The page of the API.'))
  service_documentation: string;
}
