import { Injectable } from '@nestjs/common';
import { AccountService } from '@countersign/account';
import { forCaller, type Principal } from '@countersign/sessions';
import type { MetaproUserResponse } from '../dto/user.responses';
import { LookedAtWallets } from './looked-at-wallets';
import { toUserObject } from './user-object';

/** The caller, as these clients see themselves. */
@Injectable()
export class OwnUser {
  constructor(
    private readonly accounts: AccountService,
    private readonly wallets: LookedAtWallets,
  ) {}

  /** @throws AppError session.ended */
  async describe(caller: Principal): Promise<MetaproUserResponse> {
    const me = await forCaller(this.accounts.describe(caller));
    return toUserObject(me, await this.wallets.in(caller, me.ownProfile.preferences));
  }
}
