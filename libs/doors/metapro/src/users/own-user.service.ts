import { Injectable } from '@nestjs/common';
import { AccountService } from '@countersign/account';
import { OwnWallets } from '@countersign/linked-wallets';
import { ProfilesService, toOwnProfileResponse } from '@countersign/profiles';
import type { Principal } from '@countersign/sessions';
import type { MetaproUserResponse } from '../dto/user.responses';
import { toUserObject } from './user-object';

/** The caller, as these clients see themselves. */
@Injectable()
export class OwnUser {
  constructor(
    private readonly accounts: AccountService,
    private readonly profiles: ProfilesService,
    private readonly wallets: OwnWallets,
  ) {}

  /** @throws AppError session.ended */
  async describe(caller: Principal): Promise<MetaproUserResponse> {
    const me = await this.accounts.describe(caller);
    const own = toOwnProfileResponse(await this.profiles.getOwn(caller));
    const connected = await this.wallets.connectedIn(caller);
    return toUserObject(
      me,
      own,
      connected.map(({ address }) => address),
    );
  }
}
