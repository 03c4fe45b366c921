import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { assertAllowed, countedAddress, RateLimits, type LimitRule } from '@countersign/http';
import { ClientGuard } from '@countersign/gateway';
import { metaproError } from '../metapro.errors';
import { OptionalMetaproGuard } from '../session/metapro.guard';
import { MetaproBoards } from './boards.service';

/** Of one IP address. */
const SCORES: LimitRule = { name: 'metapro-page-scores', limit: 120, window: 60 };

interface SentScore {
  readonly leaderboardId?: unknown;
  readonly map?: unknown;
  readonly userId?: unknown;
}

type ScoreRequest = FastifyRequest<{
  Params: { readonly userId?: string };
  Body: SentScore | null | undefined;
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
    private readonly boards: MetaproBoards,
    private readonly origins: AllowedOrigins,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ScoreRequest>();
    const { authorization = '', leaderboardapikey, origin } = request.headers;
    const isPage = leaderboardapikey !== undefined || origin !== undefined;
    if (/^basic /i.test(authorization) || !isPage) return this.servers.canActivate(context);
    const applicationId = await this.openTo(request);
    assertAllowed(await this.limits.consume(SCORES, [countedAddress(request.ip) ?? '']));
    if (origin !== undefined) await this.origins.assertAllowed(applicationId, origin);
    await this.people.canActivate(context);
    const { principal } = request;
    const { userId } = targetOf(request);
    const isOwn = principal?.applicationId === applicationId && principal.userId === userId;
    if (principal && !isOwn) throw metaproError('metapro.account_differs');
    request.clientApplicationId = applicationId;
    return true;
  }

  /** The application of an unverified leaderboard. */
  private async openTo(request: ScoreRequest): Promise<string> {
    const { boardId } = targetOf(request);
    const { viewer, isUnverified } = await this.boards.open(typeof boardId === 'string' ? boardId : '');
    if (!isUnverified) throw metaproError('metapro.score_needs_server');
    return viewer.applicationId;
  }
}

/** Whose score goes to which board. Only the score of a match may name a map, which is a board of its own. */
function targetOf({ params, body }: ScoreRequest) {
  const { leaderboardId, map, userId } = body ?? {};
  return params.userId === undefined
    ? { boardId: map ?? leaderboardId, userId }
    : { boardId: leaderboardId, userId: params.userId };
}
