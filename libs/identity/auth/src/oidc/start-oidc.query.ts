import { BOT_ID } from '@countersign/applications';
import { Id, Matching, OneOf, Text } from '@countersign/http';
import { BOT_ID_MESSAGE } from '../doors/sign-in-request';

export class StartOidcQuery {
  @Id('The id of the application.', undefined, { input: 'required' })
  applicationId: string;

  @Text(
    'Where the sign-in ends: exactly one of the `redirectUrls` in the settings of the application.',
    'https://game.example.com/signed-in',
    { input: 'required', max: 2_000 },
  )
  redirectUri: string;

  @Text('Returned unchanged at `redirectUri`.', 'af0ifjsldkj', { input: 'optional', max: 512 })
  state?: string;

  @Matching(
    'For PKCE (RFC 7636): the exchange of the code has to send `codeVerifier`.',
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    { input: 'required', pattern: /^[A-Za-z0-9_-]{43}$/, message: 'must be a code challenge of RFC 7636' },
  )
  codeChallenge: string;

  @OneOf(['S256'], 'How the challenge was made from the verifier: SHA-256.', 'S256', { input: 'required' })
  codeChallengeMethod: 'S256';

  @Matching(
    'The start parameter of the sign-in, as a launch of a Mini App has one: that of the link which the person ' +
      'opened. At most 512 letters, digits, `_` and `-`. A login with one steps up no session that exists.',
    'j_Hq7mXw2kVt9pRb4cYd8nJs3f',
    {
      input: 'optional',
      pattern: /^[A-Za-z0-9_-]{1,512}$/,
      message: 'must be a start parameter: 1 to 512 of A-Z a-z 0-9 _ -',
    },
  )
  startParam?: string;

  @Matching('Of several bots.', '7342037359', { input: 'optional', pattern: BOT_ID, message: BOT_ID_MESSAGE })
  botId?: string;
}
