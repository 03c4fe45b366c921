import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { extensionPoint } from '@countersign/extensions';
import type { TeamRole } from './team-roles';

/** A member whose rights became fewer. */
export interface LostRights {
  readonly teamId: string;
  readonly userId: string;
  /** The role that is left; `null` without membership. */
  readonly role: TeamRole | null;
}

/** What another module does when teams change. The caller has locked the team. */
export interface OnTeamChange {
  /** A member got a lower role, left, was removed, is erased, or had it by a merge that is separated. */
  onRightsLost(tx: EntityManager, lost: LostRights): Promise<void>;
}

/** Registers a provider that stores something about teams. */
export const ListensToTeams = extensionPoint<OnTeamChange>();

/** All providers with `@ListensToTeams()`, as one. */
@Injectable()
export class TeamListeners implements OnTeamChange {
  private readonly listeners;

  constructor(discovery: DiscoveryService) {
    this.listeners = ListensToTeams.in(discovery);
  }

  async onRightsLost(tx: EntityManager, lost: LostRights): Promise<void> {
    for (const listener of this.listeners.all) await listener.onRightsLost(tx, lost);
  }
}
