import { Flag, Id, Integer, OneOf, Text } from '@countersign/http';
import { assurances, type Assurance } from '@countersign/sessions';

export class SignInResponse {
  @OneOf(
    ['Bearer', 'DPoP'],
    '`DPoP` when the session is bound to the key of the `DPoP` header (RFC 9449).',
    'Bearer',
  )
  tokenType: 'Bearer' | 'DPoP';

  @Text('Opaque. Send it in `Authorization` after its type.', 'cs_at_...')
  accessToken: string;

  @Integer('Seconds until the access token ends unless it is used.', 1800)
  expiresIn: number;

  @Text('Opaque. Good for one refresh.', 'cs_rt_...')
  refreshToken: string;

  @Integer('Seconds until the session ends unless it is refreshed.', 2_592_000)
  refreshExpiresIn: number;

  @Id('The id of the session.')
  sessionId: string;

  @Id('The id of the account.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  userId: string;

  @Flag('Whether this sign-in created the account.', false)
  isNewUser: boolean;

  @OneOf(assurances, 'How hard the proof is to forge.', 'platform')
  assurance: Assurance;

  @Text(
    'The start parameter of the launch, or of the start of Log In With Telegram. Chosen by the author of the link, ' +
      'so it proves nothing.',
    null,
    { nullable: true },
  )
  startParam: string | null;

  @Flag('Present where this sign-in cancelled the erasure of the account.', true, { optional: true })
  erasureCancelled?: true;

  @Text(
    'A JWT for services behind a gateway that can only verify a JWKS; where the application asks for it (`identityToken.inAnswers`), and a key can be had.',
    'eyJhbGciOiJFUzI1NiIsInR5cCI6ImNvdW50ZXJzaWduLWlkZW50aXR5K2p3dCIsImtpZCI6Ii4uLiJ9...',
    { optional: true },
  )
  identityToken?: string;
}
