import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { BoardsService } from '@countersign/leaderboards';
import { assertAllowed, countedAddress, RateLimits, type LimitRule } from '@countersign/limits';
import { ClientGuard } from '@countersign/oauth';
import { metaproError } from '../metapro.errors';
import { UUID } from '../protocol/list-query';
import { OptionalMetaproGuard } from '../session/metapro.guard';

/** Of one IP address. */
const SCORES: LimitRule = { name: 'metapro-page-scores', limit: 120, window: 60 };

type ScoreRequest = FastifyRequest<{
  Params: { readonly userId?: string };
  Body: { readonly leaderboardId?: unknown } | null | undefined;
}>;

/**
 * Lets the server of an application pass with its client secret, and pages with any `leaderboardApiKey` where the leaderboard is
 * unverified: pages show that key to everybody. A token is that of the person.
 */
@Injectable()
export class ScoreSenderGuard implements CanActivate {
  constructor(
    private readonly servers: ClientGuard,
    private readonly people: OptionalMetaproGuard,
    private readonly boards: BoardsService,
    private readonly origins: AllowedOrigins,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ScoreRequest>();
    const { authorization = '', leaderboardapikey, origin } = request.headers;
    const isPage = leaderboardapikey !== undefined && !/^basic /i.test(authorization);
    const applicationId = isPage ? await this.openTo(request) : null;
    if (applicationId === null) return this.servers.canActivate(context);
    assertAllowed(await this.limits.consume(SCORES, [countedAddress(request.ip) ?? '']));
    if (origin !== undefined) await this.origins.assertAllowed(applicationId, origin);
    await this.people.canActivate(context);
    const { principal } = request;
    const isOwn = principal?.applicationId === applicationId && principal.userId === request.params.userId;
    if (principal && !isOwn) throw metaproError('metapro.account_differs');
    request.clientApplicationId = applicationId;
    return true;
  }

  /** The application of an unverified leaderboard. @throws AppError board.not_found */
  private async openTo({ body }: ScoreRequest): Promise<string | null> {
    const boardId = body?.leaderboardId;
    if (typeof boardId !== 'string' || !UUID.test(boardId)) return null;
    const { applicationId, isUnverified } = await this.boards.get(boardId.toLowerCase());
    return isUnverified ? applicationId : null;
  }
}
