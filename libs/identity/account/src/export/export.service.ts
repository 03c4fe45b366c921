import { Injectable } from '@nestjs/common';
import { AuditService, personActor, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Outbox } from '@countersign/events';
import type { Principal } from '@countersign/sessions';
import { UsersService, type ExportedPerson, type ExportSection } from '@countersign/users';
import { accountActs } from '../rules/account-acts';
import { AccountActs } from '../rules/account-acts.service';
import { AccountDataOfModules } from '../account-data-of-modules';

/** What an export says besides its sections. */
interface ExportHead {
  readonly version: 1;
  readonly userId: string;
  readonly exportedAt: string;
}

/** How many characters are collected before they are written. */
const CHUNK = 16_384;

/** The text of an export, piece by piece: `docs/export.schema.json` describes it. */
async function* exportText(head: ExportHead, sections: readonly ExportSection[]): AsyncGenerator<string> {
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

/** Everything that is stored about a person, as one document. */
@Injectable()
export class ExportService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly acts: AccountActs,
    private readonly accountData: AccountDataOfModules,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the text of the document, to be streamed
   * @throws AppError account.step_up_required, auth.assurance_too_low
   */
  async exportOwn(caller: Principal): Promise<AsyncGenerator<string>> {
    const person = await this.database.transaction(async (tx): Promise<ExportedPerson> => {
      await this.users.lock(tx, caller.userId);
      const asking = await this.acts.lock(tx, caller, accountActs['account.export']);
      this.acts.assertAllowed(asking, { act: 'export' });
      const { auditPseudonym, dataKey } = await this.users.getSecrets(tx, caller.userId);
      await this.audit.record(tx, 'user.exported', {
        actor: `session:${caller.sessionId}`,
        applicationId: caller.applicationId,
        subject: personActor(auditPseudonym),
        details: asking.trail,
      });
      return { userId: caller.userId, auditPseudonym, dataKey };
    });
    return this.textOf(person);
  }

  /**
   * Of the account, by an operator for a person who cannot prove who they are.
   * @param reason a word or the number of a request, for the audit trail
   * @throws AppError user.not_found
   */
  async exportFor(userId: string, reason: string): Promise<AsyncGenerator<string>> {
    const person = await this.database.transaction(async (tx): Promise<ExportedPerson> => {
      await this.users.lock(tx, userId);
      const actor = operator();
      const { auditPseudonym, dataKey } = await this.users.getSecrets(tx, userId);
      await this.audit.record(tx, 'user.exported', {
        actor,
        subject: personActor(auditPseudonym),
        details: { reason },
      });
      const data = { userId, actor, fields: 'all' };
      await this.outbox.add(tx, 'user.revealed', [{ data, applicationIds: null }]);
      return { userId, auditPseudonym, dataKey };
    });
    return this.textOf(person);
  }

  private textOf(person: ExportedPerson): AsyncGenerator<string> {
    const read = this.database.read.bind(this.database);
    const head = {
      version: 1,
      userId: person.userId,
      exportedAt: this.clock.now().toISOString(),
    } as const;
    return exportText(head, this.accountData.sectionsOf(read, person));
  }
}
