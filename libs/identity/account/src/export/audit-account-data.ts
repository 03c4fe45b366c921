import { Injectable } from '@nestjs/common';
import { AuditService, personActor } from '@countersign/audit';
import { Clock, DAY } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { SessionsService } from '@countersign/sessions';
import {
  IdentitiesService,
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type Reading,
} from '@countersign/users';

/** Audit records of a person. They name a pseudonym, and stay after an erasure. */
@Injectable()
@HasAccountData('audit')
export class AuditAccountData implements AccountData {
  constructor(
    private readonly audit: AuditService,
    private readonly sessions: SessionsService,
    private readonly identities: IdentitiesService,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

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

  /** A day at a time: there is no index by actor, which each sign-in would have to write. */
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
      for (const { occurredAt, ...record } of await read((manager) =>
        this.audit.list(manager, { ...range, names }),
      ))
        yield { occurredAt: occurredAt.toISOString(), ...record };
    }
  }
}
