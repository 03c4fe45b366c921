import { Injectable } from '@nestjs/common';
import { ApplicationsService, type Application } from '@countersign/applications';
import { AccountLevels } from '@countersign/users';
import type { Principal } from '../session';

/** Whether a session acts across applications, or sees its own application and identity only. */
@Injectable()
export class AccountAccess {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly levels: AccountLevels,
  ) {}

  /** Those of first-party applications, by proofs of their own bots, at the level of the account. */
  async isAccountWide(
    caller: Pick<Principal, 'userId' | 'applicationId' | 'assurance' | 'isOfAllowedBot'>,
    application?: Application,
  ): Promise<boolean> {
    const { trust, settings } = application ?? (await this.applications.getById(caller.applicationId));
    if (trust !== 'first-party' || caller.isOfAllowedBot) return false;
    const account = { userId: caller.userId, applicationLevel: settings.accountAssurance };
    return this.levels.isMetBy(account, caller.assurance);
  }
}
