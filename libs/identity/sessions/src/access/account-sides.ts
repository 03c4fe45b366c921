import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { extensionPoint } from '@countersign/extensions';
import type { Principal } from '../session';

/** Which identities of an account may be those of another person. */
export interface JudgeOfSides {
  /**
   * The identities on the side of one of them: those that are surely of the same person.
   * @returns null where all of the account are
   */
  sideOf(
    manager: EntityManager,
    identity: Pick<Principal, 'userId' | 'identityId'>,
  ): Promise<readonly string[] | null>;
}

/** Registers the provider that judges them. */
export const JudgesSides = extensionPoint<JudgeOfSides>();

/** By the provider with `@JudgesSides()`: without one, an account has one side. */
@Injectable()
export class AccountSides {
  private readonly judges;

  constructor(discovery: DiscoveryService) {
    this.judges = JudgesSides.in(discovery);
  }

  async sideOf(
    manager: EntityManager,
    identity: Pick<Principal, 'userId' | 'identityId'>,
  ): Promise<readonly string[] | null> {
    const [judge] = this.judges.all;
    return judge ? judge.sideOf(manager, identity) : null;
  }
}
