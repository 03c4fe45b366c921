import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ActDecisions } from '@countersign/account';
import { ApplicationsService, StartLinks } from '@countersign/applications';
import { Clock, plusSeconds } from '@countersign/runtime';
import { tokenDigest } from '@countersign/crypto';
import { Database, newestOf, newRow } from '@countersign/database';
import { readPage, type PageQuery } from '@countersign/http';
import type { Principal } from '@countersign/sessions';
import { teamOperations } from '../access/team-operations';
import { TeamAccess } from '../access/team-access';
import { teamError } from '../teams.errors';
import { TeamMembers } from '../members.service';
import { teamSettings } from '../teams.feature';
import { teamPermissions } from '../team-roles';
import { UsersService } from '@countersign/users';
import {
  InvitationResponse,
  type CreatedInvitationResponse,
  type CreateInvitationRequest,
  type InvitationPage,
} from './dto/invitation.dto';
import {
  DEFAULT_LIFETIME,
  InvitationEntity,
  MAX_PER_TEAM,
  mintInvitationToken,
  startParameterOf,
  statusOf,
  assertAcceptable,
} from './store/invitation.entity';
import { InvitationRecords } from './invitation-records';
import { invitationError } from './invitations.errors';
import { InvitationsRepository, type ReceivedInvitation } from './store/invitations.repository';

@Injectable()
export class InvitationsService {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsService,
    private readonly links: StartLinks,
    private readonly users: UsersService,
    private readonly access: TeamAccess,
    private readonly decisions: ActDecisions,
    private readonly invitations: InvitationsRepository,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
  ) {}

  /** A person needs a step-up to invite an admin. */
  async create(
    caller: Principal,
    teamId: string,
    { role, expiresIn = DEFAULT_LIFETIME, maxUses = 1 }: CreateInvitationRequest,
  ): Promise<CreatedInvitationResponse> {
    const { applicationId, userId } = caller;
    const { settings } = await this.applications.getById(applicationId);
    const token = mintInvitationToken();
    const invitation = await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, userId);
      const own = await this.access.assertPermission(tx, caller, teamId, teamPermissions.invitationsCreate);
      this.access.assertBelow(own.role, role);
      if (role === 'admin')
        await this.decisions.assertSteppedUp(tx, user, caller, teamOperations.inviteAdmins);
      if (!teamSettings.of(settings).accept) throw teamError('team.not_accepted');
      if ((await tx.countBy(InvitationEntity, { teamId })) >= MAX_PER_TEAM)
        throw invitationError('invitation.limit_reached');
      const now = this.clock.now();
      const expiresAt = plusSeconds(now, expiresIn);
      const made = newRow(InvitationEntity, {
        ...{ id: uuidv7(), teamId, applicationId, tokenDigest: tokenDigest(token), role, maxUses },
        ...{ inviterId: userId, useCount: 0, expiresAt, endsAt: expiresAt, createdAt: now },
      });
      await tx.insert(InvitationEntity, made);
      await this.records.record(tx, 'created', made, user);
      return made;
    });
    const links = await this.links.of(applicationId, startParameterOf(token));
    return { ...InvitationResponse.of(invitation, this.clock.now()), token, links };
  }

  async list(teamId: string, query: PageQuery): Promise<InvitationPage> {
    const now = this.clock.now();
    const item = { of: (invitation: InvitationEntity) => InvitationResponse.of(invitation, now) };
    return readPage(query, item, (keyset) =>
      this.database.read((manager) => manager.find(InvitationEntity, newestOf(keyset, { teamId }))),
    );
  }

  /** Does nothing if the invitation has ended. */
  async revoke(caller: Principal, teamId: string, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { team, actor } = await this.access.assertPermission(
        tx,
        caller,
        teamId,
        teamPermissions.invitationsRevoke,
      );
      const invitation = await this.invitations.lock(tx, team, id);
      if (!invitation) throw invitationError('invitation.not_found');
      if (statusOf(invitation, this.clock.now()) === 'open')
        await this.records.revoke(tx, [invitation], 'revoked', actor);
    });
  }
}

@Injectable()
export class OwnInvitationsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly access: TeamAccess,
    private readonly decisions: ActDecisions,
    private readonly members: TeamMembers,
    private readonly invitations: InvitationsRepository,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
  ) {}

  async preview(caller: Principal, token: string): Promise<ReceivedInvitation> {
    const invitation = await this.database.read((manager) =>
      this.invitations.getByToken(manager, caller, token),
    );
    assertAcceptable(invitation, this.clock.now());
    return invitation;
  }

  async accept(caller: Principal, token: string): Promise<ReceivedInvitation> {
    return this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, caller.userId);
      const found = await this.invitations.getByToken(tx, caller, token);
      const team = await this.access.lockTeam(tx, found.teamId);
      if (!team) throw invitationError('invitation.not_found');
      const invitation = await this.invitations.lockByToken(tx, team, user, found);
      const { role, inviterId: invitedBy } = invitation;
      assertAcceptable(invitation, this.clock.now());
      if (role === 'admin') await this.decisions.assertAtLevel(caller, teamOperations.becomeAdmin, tx);
      await this.members.join(tx, { team, user, role, invitedBy });
      await this.invitations.use(tx, invitation, user, this.clock.now());
      await this.records.record(tx, 'accepted', invitation, user);
      return invitation;
    });
  }
}
