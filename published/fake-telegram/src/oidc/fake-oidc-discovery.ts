import { ID_TOKEN_ALGORITHMS } from '@countersign/telegram';

/** What Telegram's discovery document says: no userinfo, no refresh tokens, and no `id` among the claims. */
export function discoveryDocument(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...ID_TOKEN_ALGORITHMS],
    scopes_supported: ['openid', 'phone', 'profile', 'telegram:bot_access', 'ton:wallet'],
    claims_supported: [
      'aud',
      'preferred_username',
      'phone_number',
      'exp',
      'iat',
      'iss',
      'name',
      'picture',
      'sub',
      'ton',
    ],
    code_challenge_methods_supported: ['plain', 'S256'],
    grant_types_supported: ['authorization_code'],
  };
}
