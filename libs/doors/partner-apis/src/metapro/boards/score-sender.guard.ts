import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { assertAllowed, countedAddress, RateLimits, type LimitRule } from '@countersign/http';
import { ClientGuard } from '@countersign/gateway';
import { metaproError } from '../metapro.errors';
import { OptionalMetaproGuard } from '../session/metapro.guard';
import { MetaproBoards } from './boards.service';

/** The limit counts calls per IP address. */
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
 * Requires the client secret. An unverified leaderboard also accepts pages with any `leaderboardApiKey`, because every
 * visitor can read this key. A token must belong to the person of the score.
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

  private async openTo(request: ScoreRequest): Promise<string> {
    const { boardId } = targetOf(request);
    const { viewer, isUnverified } = await this.boards.open(typeof boardId === 'string' ? boardId : '');
    if (!isUnverified) throw metaproError('metapro.score_needs_server');
    return viewer.applicationId;
  }
}

/** Only the score of a match may name a map, which is a separate leaderboard. */
function targetOf({ params, body }: ScoreRequest) {
  const { leaderboardId, map, userId } = body ?? {};
  return params.userId === undefined
    ? { boardId: map ?? leaderboardId, userId }
    : { boardId: leaderboardId, userId: params.userId };
}
