import { Injectable } from '@nestjs/common';
import { StepUpRequests } from '@countersign/account';
import { ApplicationsService } from '@countersign/applications';
import { Clock, SECOND } from '@countersign/clock';
import { EmbeddedWallets } from '@countersign/embedded-wallets';
import { AppError } from '@countersign/errors';
import { toWalletResponse } from '@countersign/linked-wallets';
import { pairOf, type Principal } from '@countersign/sessions';
import type { XellarAddress } from '../dto/account.dto';
import type { XellarVersion } from '../protocol/api-version';
import { xellarError } from '../xellar.errors';
import type { XellarCaller } from './xellar-sessions';
import { XellarTokens, type Refreshing } from './xellar-tokens';

/** Of a login without a wallet and `expireDate`: long enough to ask the person whether they want one. */
const ACCESS_SECONDS = 900;
/** For one call of a slow phone. */
const WALLET_TOKEN_SECONDS = 60;

/** The wallet of a session as this API shows it. */
export interface XellarWallet {
  readonly walletId: string;
  readonly environment: string;
  /** Whether the application may use it. */
  readonly isGranted: boolean;
  readonly addresses: readonly XellarAddress[];
}

/** Tokens for sessions, with the claims that clients know. */
@Injectable()
export class SessionAnswers {
  constructor(
    private readonly tokens: XellarTokens,
    private readonly wallets: EmbeddedWallets,
    private readonly stepUps: StepUpRequests,
    private readonly applications: ApplicationsService,
    private readonly clock: Clock,
  ) {}

  /** `null` if the session sees no wallet of the person. */
  async walletOf(caller: Principal): Promise<XellarWallet | null> {
    const found = await this.wallets.find(caller, 'evm');
    if (!found) return null;
    const { walletId, address, environment } = toWalletResponse(found.wallet);
    const addresses = [{ network: 'evm' as const, address }];
    return { walletId, environment, isGranted: found.isGranted, addresses };
  }

  /** @throws AppError xellar.wallet_missing, xellar.wallet_not_granted */
  async usableWalletOf({ principal, token }: XellarCaller): Promise<XellarWallet> {
    const wallet = await this.walletOf(principal);
    if (!wallet) throw xellarError('xellar.wallet_missing');
    if (wallet.isGranted) return wallet;
    const link = token.grantLink ?? (await this.askForGrant(principal, wallet))?.url;
    throw xellarError('xellar.wallet_not_granted', link === undefined ? {} : { members: { link } });
  }

  /**
   * With the link of a launch that grants the wallet, where that is needed and the application has one. Clients refresh before every
   * call, so the link of the token before is answered for half of its time.
   */
  async linked(
    caller: Principal,
    wallet: XellarWallet,
    { grantLink, ...refreshing }: Refreshing,
  ): Promise<Refreshing> {
    if (wallet.isGranted) return refreshing;
    const isFresh = grantLink !== undefined && grantLink.until > this.clock.now().getTime();
    const link = isFresh ? grantLink : await this.askForGrant(caller, wallet);
    return { ...refreshing, ...(link ? { grantLink: link } : {}) };
  }

  async accessToken(caller: Principal, refreshing: Refreshing): Promise<string> {
    const claims = {
      uid: caller.userId,
      sid: caller.sessionId,
      pair: pairOf(refreshing.token),
      ref: this.tokens.seal(refreshing),
    };
    const { settings } = await this.applications.getById(caller.applicationId);
    const seconds = refreshing.until === null ? ACCESS_SECONDS : settings.session.absolute;
    return this.tokens.mint('access', claims, seconds, refreshing.until);
  }

  /** `username` is empty and `email` is absent: tokens travel in headers, and no client needs them. */
  async walletToken(
    caller: Principal,
    { environment, isGranted, addresses }: XellarWallet,
    version: XellarVersion,
    { token, until, grantLink }: Refreshing,
  ): Promise<string> {
    const claims = {
      version: version === 'v1' ? 1 : 2,
      uid: caller.userId,
      username: '',
      provider: 'telegram',
      address: isGranted ? addresses : [],
      mode: environment === 'test' ? 'development' : 'production',
      isPermissionGranted: isGranted,
      acceptPermissionPage: grantLink?.url ?? '',
      sid: caller.sessionId,
      pair: pairOf(token),
    };
    return this.tokens.mint('wallet', claims, WALLET_TOKEN_SECONDS, until);
  }

  refreshToken(refreshing: Refreshing): string {
    return this.tokens.seal(refreshing);
  }

  /** `undefined` where the application has no bot with a Mini App, or the person asked too often. */
  private async askForGrant(
    caller: Principal,
    { environment }: XellarWallet,
  ): Promise<Refreshing['grantLink']> {
    try {
      const { links, expiresIn } = await this.stepUps.create(caller, 'wallet.grant');
      const url = links.find((link) => link.environment === environment)?.url;
      const until = this.clock.now().getTime() + (expiresIn * SECOND) / 2;
      return url === undefined ? undefined : { url, until };
    } catch (error) {
      if (error instanceof AppError && error.code === 'request.rate_limited') return undefined;
      throw error;
    }
  }
}
