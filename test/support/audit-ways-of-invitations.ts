import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { aTeam, invite, type MadeInvitation, type TestTeam } from './invitations';
import { signInPerson } from './person-session';

type Actions = 'invitation.created' | 'invitation.accepted' | 'invitation.revoked';

interface Invited {
  readonly team: TestTeam;
  readonly made: MadeInvitation;
}

async function anInvitation(stage: Stage): Promise<Invited> {
  const team = await aTeam(stage.app, stage.demo);
  return { team, made: await invite(team.owner, team) };
}

function recordOf(
  { demo: { applicationId } }: Stage,
  action: Actions,
  { team: { teamId }, made }: Invited,
  { actor, ...details }: Readonly<Record<string, string>> & { readonly actor: string },
): AuditRecord {
  return { action, actor, subject: made.invitationId, applicationId, details: { teamId, ...details } };
}

const personOf = async (stage: Stage, person: { readonly userId: string }) => stage.pseudonymOf(person);

const joined = async (
  stage: Stage,
  { teamId }: TestTeam,
  person: { readonly userId: string },
  how: string,
): Promise<AuditRecord> => {
  const actor = await personOf(stage, person);
  return {
    action: 'team_member.joined',
    actor,
    subject: actor,
    applicationId: stage.demo.applicationId,
    details: { teamId, role: 'viewer', how },
  };
};

const accepted: Way = async (stage) => {
  const invited = await anInvitation(stage);
  const guest = await signInPerson(stage.app, stage.demo);
  return stage.http(async () => {
    const { token } = invited.made;
    expect((await guest.post('/v1/invitations/accept', { token })).status).toBe(200);
    const actor = await personOf(stage, guest);
    return [
      recordOf(stage, 'invitation.accepted', invited, { actor, role: 'viewer' }),
      await joined(stage, invited.team, guest, 'invitation'),
    ];
  });
};

/** What the audit trail says of invitations to teams. */
export const waysOfInvitations: Ways<Actions | 'team_member.joined'> = {
  'invitation.created': {
    'for everybody with the link': async (stage) => {
      const team = await aTeam(stage.app, stage.demo);
      return stage.http(async () => {
        const made = await invite(team.owner, team);
        const actor = await personOf(stage, team.owner);
        return [recordOf(stage, 'invitation.created', { team, made }, { actor, role: 'viewer' })];
      });
    },
  },
  'invitation.accepted': { 'by its token': accepted },
  'team_member.joined': { 'by an invitation': accepted },
  'invitation.revoked': {
    'by a member': async (stage) => {
      const invited = await anInvitation(stage);
      const { team, made } = invited;
      return stage.http(async () => {
        const path = `/v1/teams/${team.teamId}/invitations/${made.invitationId}`;
        expect((await team.owner.delete(path)).status).toBe(204);
        const actor = await personOf(stage, team.owner);
        return [recordOf(stage, 'invitation.revoked', invited, { actor, role: 'viewer', reason: 'revoked' })];
      });
    },
  },
};
