import { Controller, Get, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Answers, GetOnlyGuard, KeepsBodyText } from '@countersign/http';
import { doorErrorCodes } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import { SignInDoor } from '../doors/sign-in-door';
import { Verified } from '../doors/verified';
import { RapidpacePlayerRequest, RapidpacePlayerResponse } from './player.dto';
import { RapidpaceLinks } from './rapidpace-links.service';
import { RapidpacePlayers } from './rapidpace-players.service';
import { RapidpaceLinkStrategy, RapidpacePlayerStrategy } from './rapidpace.strategies';

const EXAMPLE_HMAC = 'RXfgLu5gZeWsq4FWcsKwhNVoKI5Jg+3iTm0i6GDSTpc=';

@Controller('v1/rapidpace/:applicationId')
@ApiTags('Sign in')
export class RapidpaceController {
  constructor(
    private readonly players: RapidpacePlayers,
    private readonly links: RapidpaceLinks,
  ) {}

  @Post('players')
  @KeepsBodyText()
  @ApiOperation({
    operationId: 'registerRapidpacePlayer',
    summary: 'Register a player of Rapidpace',
    description: 'Called by Rapidpace, as often as it likes. Opens no session. See docs/rapidpace.md.',
  })
  @ApiParam({ name: 'applicationId', schema: { type: 'string', format: 'uuid' } })
  @ApiHeader({
    name: 'x-urm-hmac',
    required: true,
    description: 'The signature of the body, in base64.',
    schema: { type: 'string', example: EXAMPLE_HMAC },
  })
  @ApiBody({ type: RapidpacePlayerRequest })
  @ApiResponse({ status: 200, type: RapidpacePlayerResponse, description: 'The player was known already.' })
  @SignInDoor(RapidpacePlayerStrategy)
  @Answers(RapidpacePlayerResponse, {
    status: 201,
    description: 'Registered.',
    errors: doorErrorCodes.rapidpacePlayer,
  })
  async register(
    @Verified() verified: VerifiedSignIn,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RapidpacePlayerResponse> {
    const { userId, isNew } = await this.players.register(verified);
    if (!isNew) reply.status(200);
    return { userId };
  }

  @Get('redirect')
  @ApiOperation({
    operationId: 'followRapidpaceLink',
    summary: 'Sign in with a login link of Rapidpace',
    description:
      'Opened by the player’s browser. The query is the signed record with `x-urm-hmac`, in any of the spellings that ' +
      'docs/rapidpace.md names. The page that the browser is sent to exchanges `code` for tokens.',
  })
  @ApiParam({ name: 'applicationId', schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({
    status: 303,
    headers: {
      Location: {
        description: 'The front URL of the application, with a one-time `code`.',
        schema: { type: 'string', format: 'uri', example: 'https://game.example.com/welcome?code=cs_rc_...' },
      },
    },
  })
  @SignInDoor(RapidpaceLinkStrategy, 'link')
  // Guards run from below: a preview's HEAD is refused before the link is looked at, and counts for nobody.
  @UseGuards(GetOnlyGuard)
  @Answers(null, {
    status: 303,
    description: 'Verified: on to the front URL of the application.',
    errors: doorErrorCodes.rapidpaceLink,
  })
  async follow(
    @Verified() verified: VerifiedSignIn,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    reply.header('location', await this.links.follow(verified));
  }
}
