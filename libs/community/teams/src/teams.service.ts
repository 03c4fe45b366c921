import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApplicationsService } from '@countersign/applications';
import { Clock } from '@countersign/runtime';
import { Database, insertIfNew, isUniqueViolation, newRow } from '@countersign/database';
import { ReservedNames } from '@countersign/account';
import { UsersService } from '@countersign/users';
import type { CreateTeamRequest, TeamPatch, TeamWithRole } from './dto/team.dto';
import { type OperatorActor, type TeamActor, TeamRecords } from './team-records';
import { TeamAccess, type TeamCaller } from './access/team-access';
import { teamOperations } from './access/team-operations';
import { MAX_TEAMS_OF_PERSON } from './members.service';
import { changedFields, readTeamFields } from './team-fields';
import { hasPermission, teamPermissions } from './team-roles';
import { TeamEntity, TeamMemberEntity } from './store/team.entity';
import { teamError } from './teams.errors';
import { teamEvents, teamSettings } from './teams.feature';

@Injectable()
export class TeamsService {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsService,
    private readonly users: UsersService,
    private readonly reservedNames: ReservedNames,
    private readonly access: TeamAccess,
    private readonly records: TeamRecords,
    private readonly clock: Clock,
  ) {}

  /** Makes the caller the owner. */
  async create(caller: TeamCaller, request: CreateTeamRequest): Promise<TeamWithRole> {
    const { settings } = await this.applications.getById(caller.applicationId);
    if (!teamSettings.of(settings).accept) throw teamError('team.not_accepted');
    await this.access.assertAssurance(caller, 'owner', teamOperations.create);
    const { userId, applicationId } = caller;
    const now = this.clock.now();
    const team = newRow(TeamEntity, {
      ...readTeamFields(request),
      id: uuidv7(),
      applicationId,
      createdBy: userId,
      ownerId: userId,
      ownerRole: 'owner',
      memberCount: 1,
      createdAt: now,
      updatedAt: now,
    });
    if (this.reservedNames.hasAlike(team.name)) throw teamError('team.name_reserved');
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      if ((await tx.countBy(TeamMemberEntity, { userId, applicationId })) >= MAX_TEAMS_OF_PERSON)
        throw teamError('team.too_many_teams');
      if (!(await insertIfNew(tx, TeamEntity, team, 'id'))) throw teamError('team.name_taken');
      const member = { teamId: team.id, userId, applicationId, role: 'owner' } as const;
      await tx.insert(TeamMemberEntity, { ...member, joinedAt: now, invitedBy: null });
      await this.records.record(tx, team, { by: 'person', userId }, teamEvents.created, { userId });
    });
    return { team, role: 'owner' };
  }

  async change(by: TeamCaller | OperatorActor, teamId: string, patch: TeamPatch): Promise<TeamWithRole> {
    const fields = readTeamFields(patch);
    try {
      return await this.database.transaction(async (tx) => {
        const { team, role, actor } = await this.access.lockFor(tx, by, teamId, teamPermissions.teamChange);
        if (changedFields(team, fields).includes('name') && !hasPermission(role, teamPermissions.teamRename))
          throw teamError('team.role_too_low');
        return { team: await this.apply(tx, team, fields, actor), role };
      });
    } catch (error) {
      // Another team took the name after the check.
      throw isUniqueViolation(error) ? teamError('team.name_taken') : error;
    }
  }

  /** Returns whether the name is free, and its normal form. */
  async availability(
    applicationId: string,
    input: string,
  ): Promise<{ readonly name: string; readonly isAvailable: boolean }> {
    const { name, nameKey } = readTeamFields({ name: input });
    const isTaken = await this.database.read((manager) =>
      manager.existsBy(TeamEntity, { applicationId, nameKey }),
    );
    return { name, isAvailable: !isTaken && !this.reservedNames.hasAlike(name) };
  }

  private async apply(
    tx: EntityManager,
    team: TeamEntity,
    fields: Partial<TeamEntity>,
    actor: TeamActor,
  ): Promise<TeamEntity> {
    const changed = changedFields(team, fields);
    if (changed.length === 0) return team;
    const { name = '', nameKey = team.nameKey } = fields;
    if (changed.includes('name') && this.reservedNames.hasAlike(name)) throw teamError('team.name_reserved');
    const { applicationId } = team;
    if (nameKey !== team.nameKey && (await tx.existsBy(TeamEntity, { applicationId, nameKey })))
      throw teamError('team.name_taken');
    const change = { ...fields, updatedAt: this.clock.now() };
    await tx.update(TeamEntity, { id: team.id }, change);
    await this.records.record(tx, team, actor, teamEvents.changed, { fields: changed.join(' ') });
    return { ...team, ...change };
  }
}
