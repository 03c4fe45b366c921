import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import type { NewUser } from '../accounts/wanted-user';
import { ClaimsRepository } from '../accounts/claims.repository';
import { restrictProfile } from '../store/profile-sealing';
import type { IdentityKey } from '../user';

export interface PersonToImport extends Pick<IdentityKey, 'provider' | 'environment' | 'subject'> {
  /** JSON of what that system said. It is sealed, and never becomes part of a profile. */
  readonly imported: string;
}

/** An import belongs to no application. */
const NO_APPLICATION = '00000000-0000-0000-0000-000000000000';
const EMPTY_PROFILE = restrictProfile({}, new Set());

/**
 * Accounts of people who have proven nothing yet. Such an account is as one that a vendor registered: the first proof of its
 * identity opens it.
 */
@Injectable()
export class UserImports {
  constructor(
    private readonly claims: ClaimsRepository,
    private readonly clock: Clock,
  ) {}

  /** The accounts of identities, also of those that will leave them; `null` for an identity without one. */
  async ownersOf(
    manager: EntityManager,
    people: readonly Pick<PersonToImport, 'provider' | 'environment' | 'subject'>[],
  ): Promise<readonly (string | null)[]> {
    return this.claims.findOwners(manager, people);
  }

  /**
   * Creates the account of each.
   * @param people no two of one identity, and none whose identity has an account
   * @returns `null` for one whose first sign-in was faster: `ownersOf` has that account
   */
  async create(
    tx: EntityManager,
    people: readonly PersonToImport[],
  ): Promise<readonly ({ readonly userId: string } | null)[]> {
    return this.claims.insertIfFirst(tx, people.map(toNewUser), this.clock.now());
  }
}

/** Of the weakest assurance, and older than every proof. */
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
