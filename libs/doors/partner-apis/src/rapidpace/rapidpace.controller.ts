import { Get, Post, Res, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ApiBody, ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AnswersBrowsers, ApiController, ApiUuidParam, GetOnlyGuard, KeepsBodyText } from '@countersign/http';
import { NewUsers, SignInGuard, TakesProof, Verified, type VerifiedSignIn } from '@countersign/auth';
import { RapidpacePlayerRequest, RapidpacePlayerResponse } from './player.dto';
import { PlayerPageGuard, refusedPlayerPage } from './refused-player-page';
import { RapidpaceVerifier } from './rapidpace-verifier';
import { RapidpaceHmacDoor, RapidpaceLinkDoor } from './rapidpace.doors';

const EXAMPLE_HMAC = 'RXfgLu5gZeWsq4FWcsKwhNVoKI5Jg+3iTm0i6GDSTpc=';

@ApiController('v1/rapidpace/:applicationId', 'Sign in')
@UseGuards(GetOnlyGuard)
export class RapidpaceController {
  constructor(
    private readonly newUsers: NewUsers,
    private readonly verifier: RapidpaceVerifier,
  ) {}

  @Post('players')
  @UseGuards(AuthGuard('rapidpace-hmac'), SignInGuard)
  @TakesProof(RapidpaceHmacDoor.declaration, RapidpacePlayerResponse, {
    status: 201,
    answerDescription: 'Registered.',
  })
  @KeepsBodyText()
  @ApiUuidParam('applicationId', 'The id of the application.')
  @ApiHeader({
    name: 'x-urm-hmac',
    required: true,
    description: 'The signature of the body, in base64.',
    schema: { type: 'string', example: EXAMPLE_HMAC },
  })
  @ApiBody({ type: RapidpacePlayerRequest })
  @ApiResponse({ status: 200, type: RapidpacePlayerResponse, description: 'The player was known already.' })
  async register(
    @Verified() verified: VerifiedSignIn,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RapidpacePlayerResponse> {
    // The age of the call was not checked, so its date is ignored.
    const proof = { ...verified.proof, madeAt: null };
    const { userId, isNew } = await this.newUsers.getOrCreate({ ...verified, proof }, (tx, user) =>
      this.verifier.register(tx, verified, user),
    );
    if (!isNew) reply.status(200);
    return { userId };
  }

  @Get('redirect')
  @UseGuards(PlayerPageGuard, AuthGuard('rapidpace-link'), SignInGuard)
  @AnswersBrowsers(refusedPlayerPage)
  @TakesProof(RapidpaceLinkDoor.declaration, null, {
    status: 303,
    answerDescription: 'Verified: redirect to the front URL of the application.',
  })
  @ApiUuidParam('applicationId', 'The id of the application.')
  @ApiResponse({
    status: 303,
    headers: {
      Location: {
        description: 'The front URL of the application, with a one-time `code`.',
        schema: { type: 'string', format: 'uri', example: 'https://game.example.com/welcome?code=cs_rc_...' },
      },
    },
  })
  async follow(
    @Verified() verified: VerifiedSignIn,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    reply.header('location', await this.verifier.follow(verified));
  }
}
