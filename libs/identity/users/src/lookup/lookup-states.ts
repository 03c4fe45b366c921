import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import type { LookupField } from './lookup-field';
import { LookupStatesRepository } from './lookup-states.repository';

interface LookupState {
  readonly isOn: boolean;
  /** Whether all values can be found: after the job has looked at all identities. */
  readonly isComplete: boolean;
}

const OFF: LookupState = { isOn: false, isComplete: false };

/** Which fields operators can look accounts up by. */
@Injectable()
export class LookupStates {
  constructor(
    private readonly database: Database,
    private readonly states: LookupStatesRepository,
    private readonly clock: Clock,
  ) {}

  async of(field: LookupField, manager?: EntityManager): Promise<LookupState> {
    if (!manager) return this.database.read((reading) => this.of(field, reading));
    return (await this.states.find(manager, field)) ?? OFF;
  }

  /** Sign-ins write digests from now on, or no more; the job does the rest. */
  async switch(tx: EntityManager, field: LookupField, isOn: boolean): Promise<void> {
    const before = await this.states.lock(tx, field);
    if (before?.isOn === isOn) return;
    await this.states.save(tx, {
      field,
      isOn,
      isComplete: false,
      switchedAt: this.clock.now(),
      passStartedAt: null,
      position: null,
      skipped: 0,
    });
  }
}
