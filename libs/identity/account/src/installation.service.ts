import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Database } from '@countersign/database';
import {
  IdentitiesService,
  InstallationRepository,
  type InstallationRow,
  LookupStates,
  UserSplitting,
  UsersService,
  type AttachedIdentity,
  type RevealApproval,
} from '@countersign/users';

/** Settings of the whole installation. */
export interface InstallationSettings {
  /** Whether operators find accounts by usernames and phone numbers of identities. */
  readonly usernameLookup: boolean;
  readonly phoneLookup: boolean;
  readonly revealApproval: RevealApproval;
  readonly exportApproval: RevealApproval;
  /** For how many days a merge or a link can be separated. */
  readonly separationDays: number;
}

/** Operators' decisions about all accounts, and about identities of doubtful origin. */
@Injectable()
export class InstallationService {
  constructor(
    private readonly database: Database,
    private readonly rows: InstallationRepository,
    private readonly lookups: LookupStates,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly splitting: UserSplitting,
    private readonly audit: AuditService,
  ) {}

  async settings(): Promise<InstallationSettings> {
    return this.database.read(async (manager) => this.withLookups(manager, await this.rows.read(manager)));
  }

  /**
   * Changes the given settings; without any nothing is changed.
   * @param assertCurrent throws when the caller decided on another state
   * @returns the current settings
   */
  async change(
    wanted: Partial<InstallationSettings>,
    assertCurrent: (current: InstallationSettings) => void = () => undefined,
  ): Promise<InstallationSettings> {
    await this.audit.prepare();
    return this.database.transaction(async (tx) => {
      const before = await this.withLookups(tx, await this.rows.lock(tx));
      assertCurrent(before);
      const details = detailsOf(wanted);
      if (Object.keys(details).length === 0) return before;
      const after = { ...before, ...wanted };
      const { revealApproval, exportApproval, separationDays } = after;
      await this.rows.save(tx, { revealApproval, exportApproval, separationDays });
      await this.lookups.switch(tx, 'username', after.usernameLookup);
      await this.lookups.switch(tx, 'phoneNumber', after.phoneLookup);
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

  private async withLookups(manager: EntityManager, row: InstallationRow): Promise<InstallationSettings> {
    const usernames = await this.lookups.of('username', manager);
    const phones = await this.lookups.of('phoneNumber', manager);
    return { ...row, usernameLookup: usernames.isOn, phoneLookup: phones.isOn };
  }
}

/** For the audit trail: what was set, also to the value that it had. */
function detailsOf({
  usernameLookup,
  phoneLookup,
  revealApproval,
  exportApproval,
  separationDays,
}: Partial<InstallationSettings>): Record<string, string> {
  return {
    ...(usernameLookup === undefined ? {} : { usernameLookup: String(usernameLookup) }),
    ...(phoneLookup === undefined ? {} : { phoneLookup: String(phoneLookup) }),
    ...(revealApproval === undefined ? {} : { revealApproval }),
    ...(exportApproval === undefined ? {} : { exportApproval }),
    ...(separationDays === undefined ? {} : { separationDays: String(separationDays) }),
  };
}
