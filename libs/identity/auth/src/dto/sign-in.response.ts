import { Flag, Id, Integer, OneOf, Text } from '@countersign/http';
import { assurances, type Assurance } from '@countersign/sessions';

export class SignInResponse {
  @OneOf(['Bearer', 'DPoP'], '`DPoP` for a session that is bound to a device key (RFC 9449).', 'Bearer')
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

  @Id('The id of the account.')
  userId: string;

  @Flag('Whether this sign-in created the account.', false)
  isNewUser: boolean;

  @OneOf(assurances, 'How hard the proof is to forge.', 'platform')
  assurance: Assurance;

  @Text('The start parameter. The author of the link chose it: it proves nothing.', null, { nullable: true })
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
