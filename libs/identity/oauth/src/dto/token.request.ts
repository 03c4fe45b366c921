import { Id, Text } from '@countersign/http';

export class TokenRequest {
  @Text('An access or a refresh token.', 'cs_at_k1_AZmjxn8ue9GdDD9fDy9qEWJhc2U2NHVybA')
  token: string;

  @Text('Ignored: the kind is part of the token.', 'access_token', { optional: true })
  token_type_hint?: string;

  @Id('The application, where a client without a secret names it.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42', {
    optional: true,
  })
  client_id?: string;
}
