import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type AuditRecord, AuditService, operator, Outbox, personActor } from '@countersign/audit';
import { Clock, Configuration, DAY } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { SessionsService, type Principal } from '@countersign/sessions';
import {
  HasAccountData,
  IdentitiesService,
  UsersService,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type Reading,
  type LockedUser,
} from '@countersign/users';
import { accountOperations, AccountActs, bySession } from '../rules/account-acts.service';
import { AccountDataOfModules } from '../account-data-of-modules';
import { accountEvents } from '../account.feature';

const CHUNK = 16_384;

async function* exportText(head: object, sections: readonly ExportSection[]): AsyncGenerator<string> {
  let text = `${JSON.stringify(head).slice(0, -1)},"sections":{`;
  for (const [index, { name, meaning, retention, items }] of sections.entries()) {
    const described = JSON.stringify({ meaning, retention }).slice(0, -1);
    text += `${index === 0 ? '' : ','}${JSON.stringify(name)}:${described},"items":[`;
    let separator = '';
    for await (const item of items) {
      text += separator + JSON.stringify(item);
      separator = ',';
      if (text.length < CHUNK) continue;
      yield text;
      text = '';
    }
    text += ']}';
  }
  yield `${text}}}\n`;
}

/** Also exports the person's audit records. They name a pseudonym, and stay after an erasure. */
@Injectable()
@HasAccountData('audit')
export class ExportService implements AccountData {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly acts: AccountActs,
    private readonly accountData: AccountDataOfModules,
    private readonly identities: IdentitiesService,
    private readonly sessions: SessionsService,
    private readonly configuration: Configuration,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async exportOwn(caller: Principal): Promise<AsyncGenerator<string>> {
    return this.export(caller.userId, async (tx, user) => {
      const asking = await this.acts.lock(tx, user, caller, accountOperations.export);
      this.acts.assertAllowed(asking, { act: 'export' });
      return { ...bySession(caller), details: asking.trail };
    });
  }

  /** For a person who cannot prove who they are. @param id a merged account's id stands for the surviving one */
  async exportFor(id: string, reason: string): Promise<AsyncGenerator<string>> {
    const userId = await this.users.resolveId(id);
    return this.export(userId, async (tx) => {
      const actor = operator();
      const data = { userId, actor, fields: 'all' };
      await this.outbox.add(tx, accountEvents.userRevealed, [{ data, applicationIds: null }]);
      return { actor, details: { reason } };
    });
  }

  /** @param check returns the audit record */
  private async export(
    userId: string,
    check: (tx: EntityManager, user: LockedUser) => Promise<AuditRecord>,
  ): Promise<AsyncGenerator<string>> {
    const person = await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, userId);
      const by = await check(tx, user);
      await this.audit.record(tx, accountEvents.userExported, {
        ...by,
        subject: personActor(user.auditPseudonym),
      });
      return user;
    });
    const read = this.database.read.bind(this.database);
    const head = { version: 1, userId, exportedAt: this.clock.now().toISOString() };
    return exportText(head, this.accountData.sectionsOf(read, person));
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'auditRecords',
        meaning: 'What was done with the account, under a pseudonym that is not its id.',
        retention: `${this.configuration.auditRetentionDays} days, also after the account was erased.`,
        items: this.items(read, person),
      },
    ];
  }

  /** Reads one day at a time. Each sign-in would have to write an index by actor. */
  private async *items(read: Reading, { userId, auditPseudonym }: ExportedPerson): AsyncGenerator<object> {
    const names = await read(async (manager) => {
      const sessions = await this.sessions.idsOf(manager, userId);
      const identities = await this.identities.listOf(manager, userId);
      const actors = sessions.map((id) => `session:${id}`);
      return [personActor(auditPseudonym), ...actors, ...sessions, ...identities.map(({ id }) => id)];
    });
    const earliest = await read((manager) => this.audit.earliest(manager));
    if (!earliest) return;
    const today = Math.floor(this.clock.now().getTime() / DAY);
    for (let day = Math.floor(earliest.getTime() / DAY); day <= today; day += 1) {
      const range = { from: new Date(day * DAY), before: new Date((day + 1) * DAY) };
      yield* await read((manager) => this.audit.list(manager, { ...range, names }));
    }
  }
}
