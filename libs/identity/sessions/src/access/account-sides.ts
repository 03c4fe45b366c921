import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
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

const JudgesSidesOf = DiscoveryService.createDecorator();

/** Registers the provider that judges them. */
export function JudgesSides(): (provider: new (...parts: never[]) => JudgeOfSides) => void {
  return JudgesSidesOf({});
}

/** By the provider with `@JudgesSides()`: without one, an account has one side. */
@Injectable()
export class AccountSides {
  constructor(private readonly discovery: DiscoveryService) {}

  async sideOf(
    manager: EntityManager,
    identity: Pick<Principal, 'userId' | 'identityId'>,
  ): Promise<readonly string[] | null> {
    const [found] = this.discovery.getProviders({ metadataKey: JudgesSidesOf.KEY });
    return found ? (found.instance as JudgeOfSides).sideOf(manager, identity) : null;
  }
}
