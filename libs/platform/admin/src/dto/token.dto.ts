import { Id, Integer, OneOf, Text } from '@countersign/http';

/** RFC 6749, section 4.4.2. */
export class PrincipalTokenRequest {
  @OneOf(['client_credentials'], 'The only grant type.', 'client_credentials')
  grant_type: string;

  @Text('Scopes, separated by spaces; without it all that the principal has.', 'users:read sessions:end', {
    optional: true,
  })
  scope?: string;

  @Id('`principalId`, where it is not in `Authorization: Basic`.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42', {
    optional: true,
  })
  client_id?: string;

  @Text('A secret, where it is not in `Authorization: Basic`.', 'cs_ps_0J6mW2sY6mQeVYxgkC0c2g', {
    optional: true,
  })
  client_secret?: string;
}

/** RFC 6749, section 5.1. */
export class PrincipalTokenResponse {
  @Text('For `Authorization: Bearer`.', 'cs_pt_k1_AZmjxn8ue9GdDD9fDy9qEWJhc2U2NHVybA')
  access_token: string;

  @OneOf(['Bearer'], 'Always `Bearer`.', 'Bearer')
  token_type: 'Bearer';

  @Integer('Seconds until it expires.', 1800)
  expires_in: number;

  @Text('Its scopes, separated by spaces.', 'users:read sessions:end')
  scope: string;
}
