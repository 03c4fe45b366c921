import { ListOf, OneOf, Text, Uri } from '@countersign/http';
import { DPOP_ALGORITHMS } from '@countersign/proofs';

/** RFC 7517. */
export class JwkResponse {
  @Text('The id of the key, as in the header of an identity token.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11')
  kid: string;

  @OneOf(['ES256', 'EdDSA', 'RS256'], 'The signature algorithm.', 'ES256')
  alg: string;

  @OneOf(['sig'], 'What the key is for: signatures.', 'sig')
  use: 'sig';

  @OneOf(['EC', 'OKP', 'RSA'], 'The kind of key.', 'EC')
  kty: string;

  @OneOf(['P-256', 'Ed25519'], 'The curve; not of `RSA`.', 'P-256', { optional: true })
  crv?: string;

  @Text('x, or the key itself for `OKP`.', 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', { optional: true })
  x?: string;

  @Text('Of a key of the kind `EC`.', 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0', { optional: true })
  y?: string;

  @Text(
    'The modulus, of a key of the kind `RSA`, which signs ID tokens only.',
    'sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSBigeC5yjU1hGzHHyXss8UDprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy_c4gs_7svlJJQ4H9_NxsiIoLwAEk7-Q3UXERGYw_75IDrGA84-lA_-Ct4eTlXHBIY2EaV7t7LjJaynVJCpkv4LKjTTAumiGUIuQhrNhZLuF_RJLqHpM2kgWFLU7-VTdL1VbC2tejvcI2BlMkEpk1BzBZI0KQB0GaDWFLN-aEAw3vRw',
    { optional: true },
  )
  n?: string;

  @Text('The exponent, of a key of the kind `RSA`.', 'AQAB', { optional: true })
  e?: string;
}

export class JwksResponse {
  @ListOf(JwkResponse, 'Those that sign, and those whose tokens are still valid.')
  keys: readonly JwkResponse[];
}

function UriOf(path: string, description: string): PropertyDecorator {
  return Uri(description, `https://id.example.com${path}`);
}

/** RFC 8414 section 2. */
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

  @Text('How a client authenticates there.', ['client_secret_basic', 'none'], { list: {} })
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
