import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SessionsService } from '@countersign/sessions';
import { isFirstProof, UsersService, type IdentityTrust } from '@countersign/users';
import type { VerifiedProof } from '../proof/verified-proof';

/** The person named by a proof. */
interface NamedPerson extends IdentityTrust {
  readonly userId: string;
  readonly identityId: string;
}

/**
 * An account that a weaker proof created becomes the genuine person's with the first proof that the platform
 * itself signed: sessions of weaker proofs end, so that a forger keeps nothing.
 */
@Injectable()
export class FirstProofs {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * The caller holds the lock of the user.
   * @returns sessions that have ended: to be forgotten after the commit
   */
  async apply(tx: EntityManager, person: NamedPerson, proof: VerifiedProof): Promise<readonly string[]> {
    if (!isFirstProof(person, proof)) return [];
    const ended = await this.sessions.endOutranked(tx, person);
    await this.users.setProven(tx, person.userId);
    return ended;
  }
}
