import { ApiProperty } from '@nestjs/swagger';
import { DPOP_ALGORITHMS } from '@countersign/dpop';

const ISSUER = 'https://id.example.com';
const url = (path: string) => ({ format: 'uri', example: `${ISSUER}${path}` });

/** Authorization server metadata, RFC 8414 section 2. */
export class ServerMetadataResponse {
  @ApiProperty(url(''))
  issuer: string;

  @ApiProperty(url('/.well-known/jwks.json'))
  jwks_uri: string;

  @ApiProperty(url('/v1/oauth/introspect'))
  introspection_endpoint: string;

  @ApiProperty({ type: [String], example: ['client_secret_basic'] })
  introspection_endpoint_auth_methods_supported: readonly string[];

  @ApiProperty(url('/v1/oauth/revoke'))
  revocation_endpoint: string;

  @ApiProperty({ type: [String], example: ['client_secret_basic', 'none'] })
  revocation_endpoint_auth_methods_supported: readonly string[];

  @ApiProperty({
    type: [String],
    description: 'Empty: people sign in with proofs, not at an authorization endpoint.',
    example: [],
  })
  response_types_supported: readonly string[];

  @ApiProperty({ type: [String], example: [] })
  grant_types_supported: readonly string[];

  @ApiProperty({ type: [String], example: DPOP_ALGORITHMS })
  dpop_signing_alg_values_supported: readonly string[];

  @ApiProperty(url('/docs'))
  service_documentation: string;
}
