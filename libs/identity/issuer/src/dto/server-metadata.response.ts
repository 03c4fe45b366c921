import { DPOP_ALGORITHMS } from '@countersign/dpop';
import { Text, Uri } from '@countersign/http';

function UriOf(path: string, description: string): PropertyDecorator {
  return Uri(description, `https://id.example.com${path}`);
}

/** Authorization server metadata, RFC 8414 section 2. */
export class ServerMetadataResponse {
  @UriOf('', 'The issuer of the tokens: this service.')
  issuer: string;

  @UriOf('/.well-known/jwks.json', 'The URL of the keys that verify identity tokens.')
  jwks_uri: string;

  @UriOf('/v1/oauth/introspect', 'Where tokens are introspected, RFC 7662.')
  introspection_endpoint: string;

  @Text('How a client authenticates there.', ['client_secret_basic'], { list: {} })
  introspection_endpoint_auth_methods_supported: readonly string[];

  @UriOf('/v1/oauth/revoke', 'Where tokens are revoked, RFC 7009.')
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

  @UriOf('/docs', 'The page of the API.')
  service_documentation: string;
}
