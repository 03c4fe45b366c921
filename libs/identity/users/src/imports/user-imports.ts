import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/runtime';
import type { NewUser } from '../accounts/wanted-user';
import { ClaimsRepository } from '../accounts/claims.repository';
import { restrictProfile } from '../store/profile-sealing';
import type { IdentityKey } from '../user';

export interface PersonToImport extends Pick<IdentityKey, 'provider' | 'environment' | 'subject'> {
  /** JSON of what the other system said. It is sealed, and never becomes part of a profile. */
  readonly imported: string;
}

const NO_APPLICATION = '00000000-0000-0000-0000-000000000000';
const EMPTY_PROFILE = restrictProfile({}, new Set());

/** Creates accounts of people who have proven nothing yet. The first proof of the identity opens such an account. */
@Injectable()
export class UserImports {
  constructor(
    private readonly claims: ClaimsRepository,
    private readonly clock: Clock,
  ) {}

  /** Maps subjects to their accounts, for identities of one provider and environment. */
  async ownersOf(
    manager: EntityManager,
    people: readonly PersonToImport[],
  ): Promise<ReadonlyMap<string, string>> {
    const owners = await this.claims.findOwners(manager, people);
    return new Map(Array.from(owners, ([{ subject }, userId]) => [subject, userId]));
  }

  /**
   * Creates an account for each person.
   * @returns the accounts by subject. If a person's first sign-in was faster, use `ownersOf`.
   */
  async create(tx: EntityManager, people: readonly PersonToImport[]): Promise<ReadonlyMap<string, string>> {
    const created = await this.claims.insertIfFirst(tx, people.map(toNewUser), this.clock.now());
    return new Map(Array.from(created, ([{ claim }, user]) => [claim.subject, user.userId]));
  }
}

function toNewUser({ imported, ...key }: PersonToImport): NewUser {
  const claim = {
    ...key,
    applicationId: NO_APPLICATION,
    profile: {},
    hints: {},
    alias: null,
    madeAt: null,
    assurance: 'vendor' as const,
  };
  return { claim, profile: EMPTY_PROFILE, imported };
}
