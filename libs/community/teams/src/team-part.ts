import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { TeamActor } from './access/team-actor';
import type { TeamRole } from './team-roles';
import type { TeamEntity } from './store/team.entity';

/** A member whose rights became fewer. */
export interface LostRights {
  readonly teamId: string;
  readonly userId: string;
  /** The role that is left; `null` without membership. */
  readonly role: TeamRole | null;
  /** Whether another person ended the membership. */
  readonly isRemoved: boolean;
}

/** A team that got back the members and roles of an instant. */
export interface Reversion {
  readonly team: TeamEntity;
  readonly to: Date;
  /** Members who had been removed, or had left. */
  readonly returned: readonly string[];
  readonly actor: TeamActor;
}

/** What another module does when teams change. The caller has locked the team. */
export interface TeamPart {
  /** A member got a lower role, left, was removed, is erased, or had it by a merge that is separated. */
  onRightsLost(tx: EntityManager, lost: LostRights): Promise<void>;
  /** The team is deleted. It may be restored within seven days. */
  onTeamDeleted(tx: EntityManager, teamId: string): Promise<void>;
  /** The team is about to get the owner and the roles of an earlier instant. @returns the ids of invitations that end */
  onReverting(tx: EntityManager, reversion: Reversion): Promise<readonly string[]>;
  /** The team has them. @returns the ids of invitations that are open again */
  onReverted(tx: EntityManager, reversion: Reversion): Promise<readonly string[]>;
}

const TeamPartOf = DiscoveryService.createDecorator();

/** Registers a provider that stores something about teams. */
export function PartOfTeam(): (provider: new (...parts: never[]) => TeamPart) => void {
  return TeamPartOf({});
}

/** All providers with `@PartOfTeam()`, as one. */
@Injectable()
export class TeamParts implements TeamPart {
  private found: readonly TeamPart[] | null = null;

  constructor(private readonly discovery: DiscoveryService) {}

  async onRightsLost(tx: EntityManager, lost: LostRights): Promise<void> {
    for (const part of this.all) await part.onRightsLost(tx, lost);
  }

  async onTeamDeleted(tx: EntityManager, teamId: string): Promise<void> {
    for (const part of this.all) await part.onTeamDeleted(tx, teamId);
  }

  async onReverting(tx: EntityManager, reversion: Reversion): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const part of this.all) ids.push(...(await part.onReverting(tx, reversion)));
    return ids;
  }

  async onReverted(tx: EntityManager, reversion: Reversion): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const part of this.all) ids.push(...(await part.onReverted(tx, reversion)));
    return ids;
  }

  /** In the order of their names, so that all replicas lock in one order. */
  private get all(): readonly TeamPart[] {
    this.found ??= this.discovery
      .getProviders({ metadataKey: TeamPartOf.KEY })
      .map(({ instance }) => instance as TeamPart)
      .toSorted((one, other) => (one.constructor.name < other.constructor.name ? -1 : 1));
    return this.found;
  }
}
