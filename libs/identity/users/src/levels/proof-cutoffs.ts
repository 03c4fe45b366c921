import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import type { Assurance } from '../assurance';
import { ProofCutoffsRepository } from './proof-cutoffs.repository';

/** Some of a person's proofs. */
export interface SomeProofs {
  readonly userId: string;
  /** Of these identities; of all when null. */
  readonly identityIds: readonly string[] | null;
  /** Made for this application; for all when null. */
  readonly applicationId: string | null;
  /** Not stronger than this. */
  readonly assurance: Assurance;
  /** Only those that a bot signed which the application merely allows. */
  readonly ofAllowedBots: boolean;
}

/** Outdates proofs of some identities, or weak ones, where others of the account go on to count. */
@Injectable()
export class ProofCutoffs {
  constructor(
    private readonly repository: ProofCutoffsRepository,
    private readonly clock: Clock,
  ) {}

  /** The caller holds the lock of the user. */
  async outdate(tx: EntityManager, proofs: SomeProofs): Promise<void> {
    await this.repository.insert(tx, proofs, this.clock.now());
  }
}
