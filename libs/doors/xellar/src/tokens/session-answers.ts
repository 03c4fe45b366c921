import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import { EmbeddedWallets } from '@countersign/embedded-wallets';
import { toWalletResponse } from '@countersign/linked-wallets';
import { pairOf, type Principal } from '@countersign/sessions';
import type { XellarAddress } from '../dto/account.dto';
import type { XellarVersion } from '../protocol/xellar-route';
import { xellarError } from '../xellar.errors';
import type { XellarCaller } from './token.guards';
import { XellarTokens, type Refreshing } from './xellar-tokens';

/** Of a login without a wallet and `expireDate`: long enough to ask the person whether they want one. */
const ACCESS_SECONDS = 900;
/** For one call of a slow phone. */
const WALLET_TOKEN_SECONDS = 60;

/** The wallet of a session as this API shows it. */
export interface XellarWallet {
  readonly walletId: string;
  readonly environment: string;
  readonly addresses: readonly XellarAddress[];
}

/** Tokens for sessions, with the claims that clients know. */
@Injectable()
export class SessionAnswers {
  constructor(
    private readonly tokens: XellarTokens,
    private readonly wallets: EmbeddedWallets,
    private readonly applications: ApplicationsService,
  ) {}

  /** `null` if the session sees no wallet of the person. */
  async walletOf(caller: Principal): Promise<XellarWallet | null> {
    const found = await this.wallets.find(caller, 'evm');
    if (!found) return null;
    const { walletId, address, environment } = toWalletResponse(found);
    const addresses = [{ network: 'evm' as const, address }];
    return { walletId, environment, addresses };
  }

  /** @throws AppError xellar.wallet_missing */
  async usableWalletOf({ principal }: XellarCaller): Promise<XellarWallet> {
    const wallet = await this.walletOf(principal);
    if (!wallet) throw xellarError('xellar.wallet_missing');
    return wallet;
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

  /** `username` is empty and `email` is absent: tokens travel in headers, and no client needs them. Its setting permits the application. */
  async walletToken(
    caller: Principal,
    { environment, addresses }: XellarWallet,
    version: XellarVersion,
    { token, until }: Refreshing,
  ): Promise<string> {
    const claims = {
      version: version === 'v1' ? 1 : 2,
      uid: caller.userId,
      username: '',
      provider: 'telegram',
      address: addresses,
      mode: environment === 'test' ? 'development' : 'production',
      isPermissionGranted: true,
      acceptPermissionPage: '',
      sid: caller.sessionId,
      pair: pairOf(token),
    };
    return this.tokens.mint('wallet', claims, WALLET_TOKEN_SECONDS, until);
  }

  refreshToken(refreshing: Refreshing): string {
    return this.tokens.seal(refreshing);
  }
}
