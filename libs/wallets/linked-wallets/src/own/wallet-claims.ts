import { Injectable } from '@nestjs/common';
import { AddsClaims, type Principal } from '@countersign/sessions';
import { toWalletResponse } from '../dto/wallet.response';
import { OwnWallets } from './own-wallets.service';

/** No account has more wallets. */
const ALL = { limit: '200' };

/** Adds the addresses that the session sees, for clients of the OpenID provider. */
@Injectable()
@AddsClaims({ scope: 'wallets', claims: ['wallets'], words: 'the addresses of your wallets' })
export class WalletClaims {
  constructor(private readonly wallets: OwnWallets) {}

  async claimsOf(caller: Principal): Promise<{ readonly wallets: readonly object[] }> {
    const { items } = await this.wallets.list(caller, ALL);
    const wallets = items.map(toWalletResponse);
    return {
      wallets: wallets.map(({ provider, environment, address }) => ({ provider, environment, address })),
    };
  }
}
