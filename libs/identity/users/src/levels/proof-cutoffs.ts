import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { ProofCutoffsRepository, type SomeProofs } from './proof-cutoffs.repository';

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
