import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, type EventData, type PublicEvent } from '@countersign/audit';
import { UsersRepository } from '../store/users.repository';

/** Adds events about a whole account. They go to all applications that its person has used. */
@Injectable()
export class AccountEvents {
  constructor(
    private readonly outbox: Outbox,
    private readonly users: UsersRepository,
  ) {}

  async add<E extends PublicEvent>(
    tx: EntityManager,
    event: E,
    accountId: string,
    data: EventData<E>,
  ): Promise<void> {
    if (!(await this.outbox.isWanted(tx, event))) return;
    const applicationIds = await this.users.applicationIdsOf(tx, accountId);
    await this.outbox.write(tx, event, [{ data, applicationIds }]);
  }

  of(accountId: string): (tx: EntityManager) => Promise<readonly string[]> {
    return (tx) => this.users.applicationIdsOf(tx, accountId);
  }
}
