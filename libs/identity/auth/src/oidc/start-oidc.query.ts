import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { BOT_ID } from '@countersign/applications';
import { MayBeAbsent } from '@countersign/http';
import { BOT_ID_MESSAGE } from '../doors/sign-in-request';

export class StartOidcQuery {
  @ApiProperty({
    description: 'The id of the application.',
    format: 'uuid',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  @IsUUID()
  applicationId: string;

  @ApiProperty({
    description:
      'Where the sign-in ends: exactly one of the `redirectUrls` in the settings of the application.',
    example: 'https://game.example.com/signed-in',
  })
  @IsString()
  @MaxLength(2_000)
  redirectUri: string;

  @ApiPropertyOptional({
    description: 'Returned unchanged at `redirectUri`, at most 512 characters.',
    example: 'af0ifjsldkj',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(512)
  state?: string;

  @ApiProperty({
    description: 'For PKCE (RFC 7636): the exchange of the code has to send `codeVerifier`.',
    example: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  })
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'must be a code challenge of RFC 7636' })
  codeChallenge: string;

  @ApiProperty({
    description: 'How the challenge was made from the verifier: SHA-256.',
    enum: ['S256'],
    example: 'S256',
  })
  @IsIn(['S256'])
  codeChallengeMethod: 'S256';

  @ApiPropertyOptional({
    description:
      'The start parameter of the sign-in, as a launch of a Mini App has one: that of the link which the person ' +
      'opened. At most 512 letters, digits, `_` and `-`. A login with one steps up no session that exists.',
    example: 'j_Hq7mXw2kVt9pRb4cYd8nJs3f',
  })
  @MayBeAbsent()
  @Matches(/^[A-Za-z0-9_-]{1,512}$/, { message: 'must be a start parameter: 1 to 512 of A-Z a-z 0-9 _ -' })
  startParam?: string;

  @ApiPropertyOptional({
    description: 'Only where several bots of the application have Web Login.',
    example: '7342037359',
  })
  @MayBeAbsent()
  @Matches(BOT_ID, { message: BOT_ID_MESSAGE })
  botId?: string;
}
