import { randomInt, randomUUID } from 'node:crypto';
import { ApplicationsService } from '@countersign/applications';
import { mintInvitationToken } from '@countersign/invitations';
import { aPerson, times, type Person } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { aTeam, dropMember, invite } from '../support/invitations';
import { signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

const ACCEPT = '/v1/invitations/accept';
const PREVIEW = '/v1/invitations/preview';
const OWN = '/v1/me/invitations';

describe('invitations out of reach', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const elsewhere = useApplication(app);

  const toId = ({ id }: Person) => ({ recipient: { telegramUserId: String(id) } });
  const listOf = async (session: PersonSession) =>
    ((await session.get(OWN)).body as { items: { invitationId: string }[] }).items.map(
      ({ invitationId }) => invitationId,
    );
  const recordsOf = async (subject: string) =>
    (await auditOf(app, { action: 'invitation.revoked', subject })).map(({ details }) => details);

  it('by link are not accepted by their id', async () => {
    const team = await aTeam(app, demo);
    const { invitationId, token } = await invite(team.owner, team);
    const guest = await signInPerson(app, demo);

    expectProblem(await guest.post(`${OWN}/${invitationId}/accept`), 404, 'invitation.not_found');
    expect((await guest.post(ACCEPT, { token })).status).toBe(200);
  });

  it('are those of another application, for the same person too', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const there = await signInPerson(app, elsewhere, guest.person);
    const { invitationId } = await invite(team.owner, team, toId(guest.person));

    expect(await listOf(there)).toEqual([]);
    expectProblem(await there.post(`${OWN}/${invitationId}/accept`), 404, 'invitation.not_found');
    expect(await listOf(guest)).toEqual([invitationId]);
  });

  it('are those to several people that a person has used', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const { invitationId } = await invite(team.owner, team, { maxUses: 2, ...toId(guest.person) });
    expect((await guest.post(`${OWN}/${invitationId}/accept`)).status).toBe(200);
    await dropMember(app, team, guest);

    expect(await listOf(guest)).toEqual([]);
  });

  it('are those to a username, since the application reads none', async () => {
    const game = await app.createApplication();
    const username = `owl_${randomInt(1e9)}`;
    const guest = await signInPerson(app, game, aPerson({ username }));
    const team = await aTeam(app, game);
    const { token, invitationId } = await invite(team.owner, team, {
      recipient: { telegramUsername: username },
    });
    expect(await listOf(guest)).toEqual([invitationId]);

    await app.nest.get(ApplicationsService).changeSettings(game.applicationId, { dataNeeds: ['name'] });
    await app.catchUp();

    expect(await listOf(guest)).toEqual([]);
    expectProblem(await guest.post(ACCEPT, { token }), 403, 'invitation.sign_in_again');
  });

  it.each([
    ['accepting by tokens', (guest: PersonSession) => guest.post(ACCEPT, { token: mintInvitationToken() })],
    ['looking at tokens', (guest: PersonSession) => guest.post(PREVIEW, { token: mintInvitationToken() })],
    ['accepting by ids', (guest: PersonSession) => guest.post(`${OWN}/${randomUUID()}/accept`)],
  ])('end all tries after thirty misses in %s', async (_, miss) => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const { token, invitationId } = await invite(team.owner, team, toId(guest.person));
    for (const answer of await Promise.all(times(30, () => miss(guest)))) expect(answer.status).toBe(404);

    for (const path of [ACCEPT, PREVIEW])
      expectProblem(await guest.post(path, { token }), 429, 'request.rate_limited');
    expectProblem(await guest.post(`${OWN}/${invitationId}/accept`), 429, 'request.rate_limited');
  });

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

  it('to a username are so a second after a day, and not before', async () => {
    const username = `owl_${randomInt(1e9)}`;
    const guest = await signInPerson(app, demo, aPerson({ username }));
    const team = await aTeam(app, demo);
    const { invitationId } = await invite(team.owner, team, { recipient: { telegramUsername: username } });
    const listedAfter = async (seconds: number, refreshToken: string) => {
      app.clock.advance(seconds);
      const { body } = await app.refresh(refreshToken);
      const session = body as { accessToken: string; refreshToken: string };
      const listed = await app.http.get(OWN).set('authorization', `Bearer ${session.accessToken}`);
      return { items: (listed.body as { items: object[] }).items, refreshToken: session.refreshToken };
    };

    const atDay = await listedAfter(24 * 3_600, guest.refreshToken);
    expect(atDay.items).toMatchObject([{ invitationId }]);
    expect((await listedAfter(1, atDay.refreshToken)).items).toEqual([]);
  });
});
