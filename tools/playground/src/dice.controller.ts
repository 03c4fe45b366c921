import { randomInt, randomUUID } from 'node:crypto';
import { Body, Controller, Get, Headers, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { BoardDirectory, BoardSeasons, ScoresService } from '@countersign/leaderboards';
import { Gateway, type RequestHeaders } from './gateway';
import { OnlyHereGuard } from './only-here.guard';
import { OfBoard, OfSeason } from './playground.dto';
import { PlaygroundSettings } from './playground.settings';

const MAX_BOARDS = 50;

/** Stands for the server of a game behind the gateway, and for an operator. Scores come from here: the page names none. */
@Controller('playground')
@ApiExcludeController()
@UseGuards(OnlyHereGuard)
export class DiceController {
  constructor(
    private readonly settings: PlaygroundSettings,
    private readonly gateway: Gateway,
    private readonly boards: BoardDirectory,
    private readonly seasons: BoardSeasons,
    private readonly scores: ScoresService,
  ) {}

  /** The newest leaderboards of the demo application. */
  @Get('boards')
  async list(): Promise<{ readonly boards: readonly { readonly boardId: string; readonly name: string }[] }> {
    const { applicationId } = this.settings;
    const found = await this.boards.list(applicationId, { limit: MAX_BOARDS, afterId: null });
    return { boards: found.map(({ id, name }) => ({ boardId: id, name })) };
  }

  /** Throws three dice for the person who calls, and counts them on the board. */
  @Post('dice')
  async throwDice(
    @Body() { boardId }: OfBoard,
    @Headers() headers: RequestHeaders,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const passedOn = await this.gateway.check({ method: 'POST', path: '/playground/dice' }, headers, reply);
    if (passedOn === null) return;
    const dice = Array.from({ length: 3 }, () => randomInt(1, 7));
    const score = {
      id: randomUUID(),
      userId: passedOn['x-user-id'] ?? '',
      score: dice.reduce((sum, points) => sum + points, 0),
    };
    const { results } = await this.scores.send(this.settings.applicationId, boardId, [score]);
    await reply.send({ dice, outcome: results[0]?.outcome });
  }

  /** As `countersign board close-season` does. */
  @Post('close-season')
  @HttpCode(204)
  async closeSeason(@Body() { boardId, seasonId }: OfSeason): Promise<void> {
    await this.seasons.closeByHand(boardId, seasonId, 'playground');
  }
}
