import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { aTeam, invite } from '../support/invitations';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('invitations out of reach', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  const recordsOf = async (subject: string) =>
    (await auditOf(app, { action: 'invitation.revoked', subject })).map(({ details }) => details);

  it('are more than five thousand of a team, ended ones included', async () => {
    const team = await aTeam(app, demo);
    const { invitationId } = await invite(team.owner, team, { expiresIn: 60 });
    await app.database.query(
      `INSERT INTO team_invitations
       SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(),
         'token_digest', '\\x' || encode(sha256(number::text::bytea), 'hex')))).*
       FROM team_invitations one, generate_series(1, 4998) AS number WHERE one.id = $1`,
      [invitationId],
    );
    app.clock.advance(61);

    await invite(team.owner, team);
    const refused = await team.owner.post(`/v1/teams/${team.teamId}/invitations`, { role: 'viewer' });
    expectProblem(refused, 409, 'invitation.limit_reached');
  });

  it.each(['revoked', 'expired'])('are revoked no more once they are %s', async (ended) => {
    const team = await aTeam(app, demo);
    const { invitationId } = await invite(team.owner, team, { expiresIn: 60 });
    const revoke = () => team.owner.delete(`/v1/teams/${team.teamId}/invitations/${invitationId}`);
    if (ended === 'expired') app.clock.advance(60);
    else expect((await revoke()).status).toBe(204);
    const before = await recordsOf(invitationId);

    expect((await revoke()).status).toBe(204);

    expect(before).toHaveLength(ended === 'expired' ? 0 : 1);
    expect(await recordsOf(invitationId)).toEqual(before);
  });
});
