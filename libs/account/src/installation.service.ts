import { Injectable } from '@nestjs/common';
import { AuditService, operator } from '@countersign/audit';
import { Database } from '@countersign/database';
import {
  AccountLevels,
  IdentitiesService,
  UserSplitting,
  UsersService,
  type AccountLevel,
  type AttachedIdentity,
} from '@countersign/users';

/** Operators' decisions about all accounts, and about identities of doubtful origin. */
@Injectable()
export class InstallationService {
  constructor(
    private readonly database: Database,
    private readonly levels: AccountLevels,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly splitting: UserSplitting,
    private readonly audit: AuditService,
  ) {}

  async accountLevel(): Promise<AccountLevel> {
    return this.levels.ofInstallation();
  }

  /** A lowered level applies only to accounts without an identity that can reach `platform`. */
  async setAccountLevel(accountLevel: AccountLevel): Promise<void> {
    await this.change(accountLevel);
  }

  /**
   * Like `setAccountLevel`; changes nothing without a level.
   * @param assertCurrent throws when the caller decided on another state
   * @returns the current level
   */
  async change(
    accountLevel: AccountLevel | undefined,
    assertCurrent: (current: AccountLevel) => void = () => undefined,
  ): Promise<AccountLevel> {
    await this.audit.prepare();
    return this.database.transaction(async (tx) => {
      const before = await this.levels.lockOfInstallation(tx);
      assertCurrent(before);
      if (accountLevel === undefined) return before;
      await this.levels.setOfInstallation(tx, accountLevel);
      await this.audit.record(tx, 'installation.changed', {
        actor: operator(),
        details: { accountLevel, before },
      });
      return accountLevel;
    });
  }

  /**
   * Identities that links and merges attached to accounts.
   * @param bot involved, as `provider/environment/id`
   */
  async listAttached(since: Date, bot: string | null): Promise<readonly AttachedIdentity[]> {
    return this.database.read((manager) => this.identities.listAttached(manager, since, bot));
  }

  /** @throws AppError identity.not_found */
  async confirmIdentity(identityId: string): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, await this.splitting.ownerOf(tx, identityId));
      await this.identities.confirm(tx, identityId);
      await this.audit.record(tx, 'identity.confirmed', { actor: operator(), subject: identityId });
    });
  }
}
