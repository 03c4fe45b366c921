import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { signInPerson, type PersonSession } from './person-session';
import { addMember, aTeam, aTeamName, type TeamBody } from './teams';

/** A team with an admin, and a person who is no member. */
interface Scene {
  readonly team: TeamBody;
  readonly path: string;
  readonly owner: PersonSession;
  readonly admin: PersonSession;
  readonly stranger: PersonSession;
}

type Fields = Pick<AuditRecord, 'actor' | 'subject' | 'details'>;

function byAct(action: string, act: (stage: Stage, scene: Scene) => Promise<Fields>): Way {
  return async (stage) => {
    const { app, demo } = stage;
    const [owner, admin, stranger] = [
      await signInPerson(app, demo),
      await signInPerson(app, demo),
      await signInPerson(app, demo),
    ];
    await owner.stepUp();
    const team = await aTeam(owner);
    await addMember(app, team.teamId, admin, 'admin');
    const scene = { team, path: `/v1/teams/${team.teamId}`, owner, admin, stranger };
    return stage.http(async () => [
      { action, applicationId: demo.applicationId, ...(await act(stage, scene)) },
    ]);
  };
}

export const waysOfTeams: Ways<
  | 'team.created'
  | 'team.changed'
  | 'team.deleted'
  | 'team.ownership_transferred'
  | 'team_member.left'
  | 'team_member.role_changed'
> = {
  'team.created': {
    'by its owner': byAct('team.created', async (stage, { stranger }) => {
      const { teamId } = (await stranger.post('/v1/teams', { name: aTeamName() })).body as TeamBody;
      const actor = await stage.pseudonymOf(stranger);
      return { actor, subject: teamId, details: { owner: actor } };
    }),
  },
  'team.changed': {
    'with the names of the fields, and none of their values': byAct(
      'team.changed',
      async (stage, { team, path, admin }) => {
        const patch = { name: aTeamName(), description: 'Changed.', logoUrl: null };
        expect((await admin.patch(path, patch)).status).toBe(200);
        const details = { fields: 'name description' };
        return { actor: await stage.pseudonymOf(admin), subject: team.teamId, details };
      },
    ),
  },
  'team.deleted': {
    'by its owner': byAct('team.deleted', async (stage, { team, path, owner }) => {
      expect((await owner.delete(path)).status).toBe(204);
      return { actor: await stage.pseudonymOf(owner), subject: team.teamId, details: {} };
    }),
  },
  'team.ownership_transferred': {
    'by its owner': byAct('team.ownership_transferred', async (stage, { team, path, owner, admin }) => {
      expect((await owner.post(`${path}/transfer`, { userId: admin.userId })).status).toBe(200);
      const details = { owner: await stage.pseudonymOf(admin) };
      return { actor: await stage.pseudonymOf(owner), subject: team.teamId, details };
    }),
  },
  'team_member.left': {
    removed: byAct('team_member.left', async (stage, { team: { teamId }, path, owner, admin }) => {
      expect((await owner.delete(`${path}/members/${admin.userId}`)).status).toBe(204);
      const [actor, subject] = [await stage.pseudonymOf(owner), await stage.pseudonymOf(admin)];
      return { actor, subject, details: { teamId, reason: 'removed' } };
    }),
  },
  'team_member.role_changed': {
    'by the owner': byAct(
      'team_member.role_changed',
      async (stage, { team: { teamId }, path, owner, admin }) => {
        const answer = await owner.patch(`${path}/members/${admin.userId}`, { role: 'viewer' });
        expect(answer.status).toBe(204);
        const [actor, subject] = [await stage.pseudonymOf(owner), await stage.pseudonymOf(admin)];
        return { actor, subject, details: { teamId, role: 'viewer', before: 'admin' } };
      },
    ),
  },
};
