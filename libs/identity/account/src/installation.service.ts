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

  /** Nothing is changed without a value. @returns the current settings */
  async change({ usernameLookup }: Partial<InstallationSettings>): Promise<InstallationSettings> {
    if (usernameLookup === undefined) return this.settings();
    return this.database.transaction(async (tx) => {
      const before = await this.rows.lock(tx);
      const isSwitched = usernameLookup !== before.usernameLookup;
      await this.rows.save(tx, { usernameLookup }, isSwitched ? this.clock.now() : null);
      const details = { usernameLookup: String(usernameLookup) };
      await this.audit.record(tx, 'installation.changed', { actor: operator(), details });
      return { usernameLookup };
    });
  }

  /** @throws AppError identity.not_found */
  async confirmIdentity(identityId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, await this.splitting.ownerOf(tx, identityId));
      await this.identities.confirm(tx, identityId);
      await this.audit.record(tx, 'identity.confirmed', { actor: operator(), subject: identityId });
    });
  }
}
