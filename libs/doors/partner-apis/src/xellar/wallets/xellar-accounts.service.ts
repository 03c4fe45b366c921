import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins, type Application } from '@countersign/applications';
import { Clock } from '@countersign/runtime';
import { EmbeddedWallets } from '@countersign/embedded-wallets';
import { RateLimits, type LimitRule } from '@countersign/http';
import { RefreshService } from '@countersign/sessions';
import type {
  XellarAddressResponse,
  XellarCreateRequest,
  XellarCreateResponse,
  XellarPairResponse,
} from '../dto/account.dto';
import type { XellarVersion } from '../protocol/xellar-route';
import { readExpireDate } from '../sign-in/expire-date';
import { addressesOf, SessionAnswers, type XellarWallet } from '../tokens/session-answers';
import { XellarTokens } from '../tokens/xellar-tokens';
import { isOfThisApi, XellarSessions, type XellarCaller } from '../tokens/token.guards';
import { xellarError } from '../xellar.errors';

/** Counts refreshes per session. The clients refresh before every call. */
const REFRESHES: LimitRule = { name: 'xellar-refreshes', limit: 300, window: 60 };

@Injectable()
export class XellarAccounts {
  constructor(
    private readonly embedded: EmbeddedWallets,
    private readonly answers: SessionAnswers,
    private readonly tokens: XellarTokens,
    private readonly sessions: XellarSessions,
    private readonly refreshing: RefreshService,
    private readonly origins: AllowedOrigins,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  async create(
    { principal, token }: XellarCaller,
    body: XellarCreateRequest,
    version: XellarVersion,
  ): Promise<XellarCreateResponse> {
    const asked = readExpireDate(body, this.clock.now());
    const opened = token.refreshToken === null ? null : this.tokens.open(token.refreshToken);
    if (!opened) throw xellarError('xellar.token_invalid');
    const refreshing = { ...opened, until: earliestOf(opened.until, asked) };
    await this.embedded.create(principal, 'evm', 'compat');
    const wallet = await this.answers.usableWalletOf(principal);
    const pair = await this.answers.pairFor(principal, wallet, version, refreshing);
    return { ...pair, ...shownIn(version, wallet) };
  }

  async address(caller: XellarCaller, version: XellarVersion): Promise<XellarAddressResponse> {
    await this.tokens.useAlone(caller.token);
    return shownIn(version, await this.answers.usableWalletOf(caller.principal));
  }

  /**
   * A refresh token that was used a moment ago returns its pair again, because the clients refresh in parallel. So does
   * a token whose pair is unused. A later use ends the session.
   */
  async refresh(
    refreshToken: string,
    { id: applicationId }: Application,
    { headers: { origin } }: FastifyRequest,
  ): Promise<XellarPairResponse> {
    const opened = this.tokens.open(refreshToken);
    if (!opened) throw xellarError('xellar.token_invalid');
    const { session, issued } = await this.refreshing.refresh(
      opened.token,
      async (found) => {
        if (found.applicationId !== applicationId || !isOfThisApi(found))
          throw xellarError('xellar.token_invalid');
        await this.origins.assertAllowed(applicationId, origin);
        return null;
      },
      ({ id }) => this.limits.consume(REFRESHES, [id]),
    );
    const principal = this.sessions.principalOf(session);
    if (!principal) throw xellarError('xellar.wallet_missing');
    const wallet = await this.answers.usableWalletOf(principal);
    return this.answers.pairFor(principal, wallet, 'v2', { ...opened, token: issued.refreshToken });
  }
}

function earliestOf(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

function shownIn(version: XellarVersion, wallet: XellarWallet): XellarAddressResponse {
  return { address: version === 'v1' ? wallet.address : addressesOf(wallet) };
}
