import { Injectable } from '@nestjs/common';
import { AuditService, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import {
  IdentitiesService,
  InstallationRepository,
  type InstallationRow,
  UserSplitting,
  UsersService,
  type AttachedIdentity,
} from '@countersign/users';

/** Settings of the whole installation. */
export type InstallationSettings = InstallationRow;

/** Operators' decisions about all accounts, and about identities of doubtful origin. */
@Injectable()
export class InstallationService {
  constructor(
    private readonly database: Database,
    private readonly rows: InstallationRepository,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly splitting: UserSplitting,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async settings(): Promise<InstallationSettings> {
    return this.database.read((manager) => this.rows.read(manager));
  }

  /**
   * Changes the given settings; without any nothing is changed.
   * @returns the current settings
   */
  async change(wanted: Partial<InstallationSettings>): Promise<InstallationSettings> {
    await this.audit.prepare();
    return this.database.transaction(async (tx) => {
      const before = await this.rows.lock(tx);
      const details = detailsOf(wanted);
      if (Object.keys(details).length === 0) return before;
      const after = { ...before, ...wanted };
      const isSwitched = after.usernameLookup !== before.usernameLookup;
      await this.rows.save(tx, after, isSwitched ? this.clock.now() : null);
      await this.audit.record(tx, 'installation.changed', { actor: operator(), details });
      return after;
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

/** For the audit trail: what was set, also to the value that it had. */
function detailsOf(wanted: Partial<InstallationSettings>): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, String(value)]));
}
