import { Injectable } from '@nestjs/common';
import { AuditService, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { InstallationRepository } from '@countersign/users';

/** Settings of the whole installation. */
export interface InstallationSettings {
  /** Whether operators find accounts by usernames of identities. */
  readonly usernameLookup: boolean;
}

/** Operators' decisions about all accounts. */
@Injectable()
export class InstallationService {
  constructor(
    private readonly database: Database,
    private readonly rows: InstallationRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async settings(): Promise<InstallationSettings> {
    const { usernameLookup } = await this.database.read((manager) => this.rows.read(manager));
    return { usernameLookup };
  }

  /** Nothing is changed without a value. @returns the current settings */
  async change({ usernameLookup }: Partial<InstallationSettings>): Promise<InstallationSettings> {
    if (usernameLookup === undefined) return this.settings();
    return this.database.transaction(async (tx) => {
      const before = await this.rows.lock(tx);
      if (usernameLookup !== before.usernameLookup)
        await this.rows.switchLookup(tx, usernameLookup, this.clock.now());
      const details = { usernameLookup: String(usernameLookup) };
      await this.audit.record(tx, 'installation.changed', { actor: operator(), details });
      return { usernameLookup };
    });
  }
}
