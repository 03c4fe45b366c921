import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import { EmbeddedWallets } from '@countersign/embedded-wallets';
import { toWalletResponse, type WalletResponse } from '@countersign/linked-wallets';
import { pairOf, type Principal, sessionSettings } from '@countersign/sessions';
import type { XellarAddress, XellarPairResponse } from '../dto/account.dto';
import type { XellarVersion } from '../protocol/xellar-route';
import { xellarError } from '../xellar.errors';
import { XellarTokens, type Refreshing } from './xellar-tokens';

/** The lifetime after a login without a wallet and `expireDate`: long enough to ask the person for consent to one. */
const ACCESS_SECONDS = 900;
/** The time for one call of a slow phone. */
const WALLET_TOKEN_SECONDS = 60;

export type XellarWallet = Pick<WalletResponse, 'walletId' | 'environment' | 'address'>;

export function addressesOf({ address }: XellarWallet): readonly XellarAddress[] {
  return [{ network: 'evm', address }];
}

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
    return found && toWalletResponse(found);
  }

  async usableWalletOf(caller: Principal): Promise<XellarWallet> {
    const wallet = await this.walletOf(caller);
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
    const seconds = refreshing.until === null ? ACCESS_SECONDS : sessionSettings.of(settings).absolute;
    return this.tokens.mint('access', claims, seconds, refreshing.until);
  }

  /** Tokens travel in headers and no client needs `username` or `email`, so they are empty and absent. */
  async pairFor(
    caller: Principal,
    wallet: XellarWallet,
    version: XellarVersion,
    refreshing: Refreshing,
  ): Promise<XellarPairResponse> {
    const claims = {
      version: version === 'v1' ? 1 : 2,
      uid: caller.userId,
      username: '',
      provider: 'telegram',
      address: addressesOf(wallet),
      mode: wallet.environment === 'test' ? 'development' : 'production',
      isPermissionGranted: true,
      acceptPermissionPage: '',
      sid: caller.sessionId,
      pair: pairOf(refreshing.token),
    };
    const walletToken = await this.tokens.mint('wallet', claims, WALLET_TOKEN_SECONDS, refreshing.until);
    return { walletToken, ...(version === 'v1' ? {} : { refreshToken: this.tokens.seal(refreshing) }) };
  }
}
