import { Injectable } from '@nestjs/common';
import { AuditService, personActor, operator } from '@countersign/audit';
import { neededFields } from '@countersign/auth';
import { ApplicationsService } from '@countersign/applications';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Outbox } from '@countersign/events';
import type { Principal } from '@countersign/sessions';
import { UsersService, type ExportedPerson } from '@countersign/users';
import { accountActs } from '../rules/account-acts';
import { AccountActs, steppedUpBySignIn } from '../rules/account-plane';
import { AccountDataOfModules } from '../account-data-of-modules';
import { DelayedExports } from './delayed-exports.service';
import { exportText } from './export-document';

/** Everything that is stored about a person, as one document. */
@Injectable()
export class ExportService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly applications: ApplicationsService,
    private readonly acts: AccountActs,
    private readonly accountData: AccountDataOfModules,
    private readonly delayed: DelayedExports,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Of the account; below its level, of the application and the identity of the session.
   * @returns the text of the document, to be streamed
   * @throws AppError account.step_up_required, account.first_party_only, auth.assurance_too_low
   */
  async exportOwn(caller: Principal): Promise<AsyncGenerator<string>> {
    await this.audit.prepare();
    const application = await this.applications.getById(caller.applicationId);
    const person = await this.database.transaction(async (tx): Promise<ExportedPerson> => {
      await this.users.lock(tx, caller.userId);
      const locked = await this.acts.lock(tx, caller, accountActs['account.export']);
      const isCollected = locked.asking.stepUp === null && (await this.delayed.collect(tx, caller, locked));
      const asking = isCollected ? steppedUpBySignIn(locked) : locked;
      const { reach } = this.acts.assertOwn(application, asking, 'export');
      const { auditPseudonym, dataKey } = await this.users.getSecrets(tx, caller.userId);
      await this.audit.record(tx, 'user.exported', {
        actor: `session:${caller.sessionId}`,
        applicationId: caller.applicationId,
        subject: personActor(auditPseudonym),
        details: { scope: reach, ...asking.trail },
      });
      const { userId, applicationId, identityId, assurance } = caller;
      const within =
        reach === 'account'
          ? null
          : { applicationId, identityId, assurance, profileFields: neededFields(application) };
      return { userId, auditPseudonym, dataKey, within };
    });
    return this.textOf(person);
  }

  /**
   * Of the account, by an operator for a person who cannot prove who they are.
   * @param reason a word or the number of a request, for the audit trail
   * @throws AppError user.not_found
   */
  async exportFor(userId: string, reason: string): Promise<AsyncGenerator<string>> {
    await this.audit.prepare();
    const person = await this.database.transaction(async (tx): Promise<ExportedPerson> => {
      await this.users.lock(tx, userId);
      const actor = operator();
      const { auditPseudonym, dataKey } = await this.users.getSecrets(tx, userId);
      await this.audit.record(tx, 'user.exported', {
        actor,
        subject: personActor(auditPseudonym),
        details: { scope: 'account', reason },
      });
      const data = { userId, actor, fields: 'all' };
      await this.outbox.add(tx, 'user.revealed', [{ data, applicationIds: null }]);
      return { userId, auditPseudonym, dataKey, within: null };
    });
    return this.textOf(person);
  }

  private textOf(person: ExportedPerson): AsyncGenerator<string> {
    const read = this.database.read.bind(this.database);
    const head = {
      version: 1,
      scope: person.within ? 'application' : 'account',
      applicationId: person.within?.applicationId ?? null,
      userId: person.userId,
      exportedAt: this.clock.now().toISOString(),
    } as const;
    return exportText(
      head,
      this.accountData.all.flatMap((data) => data.exportOf(read, person)),
    );
  }
}
