import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import { EmbeddedWallets, WalletPermissions } from '@countersign/embedded-wallets';
import { toWalletResponse } from '@countersign/linked-wallets';
import { pairOf, type Principal } from '@countersign/sessions';
import type { XellarAddress } from '../dto/address.dto';
import type { XellarVersion } from '../protocol/api-version';
import { xellarError } from '../xellar.errors';
import { XellarTokens, type Refreshing } from './xellar-tokens';

/** Of a login without a wallet: long enough to ask the person whether they want one. */
const ACCESS_SECONDS = 900;

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
    private readonly permissions: WalletPermissions,
    private readonly applications: ApplicationsService,
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
  async usableWalletOf(caller: Principal): Promise<XellarWallet> {
    const wallet = await this.walletOf(caller);
    if (!wallet) throw xellarError('xellar.wallet_missing');
    if (wallet.isGranted) return wallet;
    const link = await this.permissions.linkFor(caller, wallet.walletId);
    throw xellarError('xellar.wallet_not_granted', link === null ? {} : { members: { link } });
  }

  async accessToken(caller: Principal, refreshing: Refreshing): Promise<string> {
    const claims = {
      uid: caller.userId,
      sid: caller.sessionId,
      pair: pairOf(refreshing.token),
      ref: this.tokens.seal(refreshing),
    };
    return this.tokens.mint('access', claims, ACCESS_SECONDS, refreshing.until);
  }

  /** `username` is empty and `email` is absent: tokens travel in headers, and no client needs them. */
  async walletToken(
    caller: Principal,
    { walletId, environment, isGranted, addresses }: XellarWallet,
    version: XellarVersion,
    { token, until }: Refreshing,
  ): Promise<string> {
    const { settings } = await this.applications.getById(caller.applicationId);
    const page = isGranted ? null : await this.permissions.linkFor(caller, walletId);
    const claims = {
      version: version === 'v1' ? 1 : 2,
      uid: caller.userId,
      username: '',
      provider: 'telegram',
      address: isGranted ? addresses : [],
      mode: environment === 'test' ? 'development' : 'production',
      isPermissionGranted: isGranted,
      acceptPermissionPage: page ?? '',
      sid: caller.sessionId,
      pair: pairOf(token),
    };
    return this.tokens.mint('wallet', claims, settings.xellar.walletTokenSeconds, until);
  }

  refreshToken(refreshing: Refreshing): string {
    return this.tokens.seal(refreshing);
  }
}
