import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { Assurance } from '../assurance';
import type { AttachmentAct } from '../store/identity.entity';
import { trustOf } from '../identity-trust';
import { identityError } from '../user.errors';
import { IdentityListRepository, type IdentityFilter } from './identity-list.repository';

/** An identity as operators see it: without any personal field. */
export interface ListedIdentity {
  readonly identityId: string;
  readonly userId: string;
  readonly provider: string;
  readonly environment: string;
  readonly cap: Assurance;
  /** It founded the account. */
  readonly isFounding: boolean;
  readonly createdAt: Date;
  /** `null` for a founding identity, and where it was not recorded. */
  readonly attachedAt: Date | null;
  readonly attachedBy: AttachmentAct | null;
  /** The bots of session, step-up and proof, as `provider/environment/id`. */
  readonly attachedWith: readonly string[];
}

/** Identities for operators. */
@Injectable()
export class IdentityDirectory {
  constructor(
    private readonly database: Database,
    private readonly lists: IdentityListRepository,
  ) {}

  /** Newest first; one more than the limit of the page. */
  async list(filter: IdentityFilter, keyset: Keyset): Promise<readonly ListedIdentity[]> {
    return this.database.read(async (manager) =>
      this.complete(manager, await this.lists.list(manager, filter, keyset)),
    );
  }

  /** @throws AppError identity.not_found */
  async get(identityId: string): Promise<ListedIdentity> {
    return this.database.read(async (manager) => {
      const found = await this.lists.find(manager, identityId);
      const [identity] = found ? await this.complete(manager, [found]) : [];
      if (!identity) throw identityError('identity.not_found');
      return identity;
    });
  }

  private async complete(
    manager: EntityManager,
    found: Awaited<ReturnType<IdentityListRepository['list']>>,
  ): Promise<readonly ListedIdentity[]> {
    if (found.length === 0) return [];
    const owners = await this.lists.ownersOf(
      manager,
      found.map(({ userId }) => userId),
    );
    return found.map(({ id, cap: stored, ...identity }) => {
      // None for an account that is being erased: a page keeps its length.
      const owner = owners.find((one) => one.id === identity.userId);
      const { cap, isFounding } = trustOf({
        cap: stored,
        attachedAt: identity.attachedAt,
        createdAt: identity.createdAt,
        userCreatedAt: owner?.createdAt ?? new Date(0),
        provenAt: owner?.platformProvenAt ?? null,
      });
      return { identityId: id, ...identity, cap, isFounding };
    });
  }
}
