import { randomUUID } from 'node:crypto';
import { mintInvitationToken } from '@countersign/teams';
import { aPerson, countBy, times } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { aTeam, dropMember, invite, membersOf } from '../support/invitations';
import { statementsOf } from '../support/statement-count';
import { addMember } from '../support/teams';
import { signInPerson } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

const ACCEPT = '/v1/invitations/accept';
const PREVIEW = '/v1/invitations/preview';
const HOUR = 3_600;

describe('invitations by link', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('have a token that is shown once, and links of the bots', async () => {
    const team = await aTeam(app, demo);
    await app.bots.change(
      { provider: 'telegram', environment: 'production', botId: demo.botId },
      { miniAppName: 'play' },
    );
    const made = await invite(team.owner, team, { role: 'editor', maxUses: 3, expiresIn: HOUR });

    expect(made.token).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(made.links).toEqual([
      {
        botId: demo.botId,
        startapp: `https://t.me/test_bot/play?startapp=i_${made.token}`,
        start: `https://t.me/test_bot?start=i_${made.token}`,
      },
    ]);
    const listed = await team.owner.get(`/v1/teams/${team.teamId}/invitations`);
    expect(listed.body).toMatchObject({
      items: [{ invitationId: made.invitationId, role: 'editor', status: 'open', maxUses: 3, useCount: 0 }],
      nextCursor: null,
    });
    expect(listed.text).not.toContain(made.token);
    const rows = await app.database.query('SELECT * FROM team_invitations WHERE id = $1', [
      made.invitationId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(made.token);
  });

  it('take the start parameter of a link as it arrives', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const { token, invitationId } = await invite(team.owner, team, { role: 'viewer' });
    const initData = app.initDataOf(demo, guest.person, { startParam: `i_${token}` });
    const signedIn = await app.postSignIn({ applicationId: demo.applicationId, initData });

    expect(signedIn.body).toMatchObject({ startParam: `i_${token}` });
    expect(await membersOf(app, team.teamId)).toEqual([]);
    expect((await guest.post(PREVIEW, { token: `i_${token}` })).body).toMatchObject({ invitationId });
    for (const wrong of [`i_i_${token}`, `r_${token}`, `i_${token.slice(1)}`, ` i_${token}`])
      expectProblem(await guest.post(ACCEPT, { token: wrong }), 400, 'request.invalid', [
        { path: 'token', code: 'matches' },
      ]);
    expect((await guest.post(ACCEPT, { token: `i_${token}` })).status).toBe(200);
    expect(await membersOf(app, team.teamId)).toHaveLength(1);
  });

  it('are accepted with at most 13 statements, the frame of the transaction included', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const { token } = await invite(team.owner, team, { role: 'editor' });
    await guest.post(PREVIEW, { token });

    const statements = await statementsOf(app, async () => {
      expect((await guest.post(ACCEPT, { token })).status).toBe(200);
    });

    expect(statements.length + ['BEGIN', 'COMMIT'].length).toBeLessThanOrEqual(13);
    expect(statements.filter((statement) => statement.includes('team_members'))).not.toHaveLength(0);
  });

  it('make people members, with their inviter, an audit record and an entry of the history', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const { token, invitationId } = await invite(team.owner, team, { role: 'editor' });

    const preview = await guest.post(PREVIEW, { token });
    expect(preview.body).toMatchObject({
      invitationId,
      team: { teamId: team.teamId, name: team.name, logoUrl: null },
      role: 'editor',
      inviterId: team.owner.userId,
    });
    expect(await membersOf(app, team.teamId)).toEqual([]);
    const accepted = await guest.post(ACCEPT, { token });
    expect({ status: accepted.status, body: accepted.body as unknown }).toMatchObject({
      status: 200,
      body: { invitationId, team: { teamId: team.teamId }, role: 'editor' },
    });

    expect(await membersOf(app, team.teamId)).toEqual([
      { userId: guest.userId, role: 'editor', invitedBy: team.owner.userId },
    ]);
    const actions = ['invitation.created', 'invitation.accepted', 'team_member.joined'] as const;
    for (const action of actions)
      expect(await auditOf(app, { applicationId: demo.applicationId, action })).not.toHaveLength(0);
  });

  it('are used once by each person, who does not come back by them', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const { token } = await invite(team.owner, team, { maxUses: 5 });
    expect((await guest.post(ACCEPT, { token })).status).toBe(200);
    expectProblem(await guest.post(ACCEPT, { token }), 409, 'team.already_member');
    await dropMember(app, team, guest);
    expectProblem(await guest.post(ACCEPT, { token }), 409, 'invitation.already_used');
    expectProblem(await guest.post(PREVIEW, { token }), 409, 'invitation.already_used');
    const another = await invite(team.owner, team);
    expect((await guest.post(ACCEPT, { token: another.token })).status).toBe(200);
  });

  it('end when they are used up, expired or revoked, each with its code', async () => {
    const team = await aTeam(app, demo);
    const [first, second] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const usedUp = await invite(team.owner, team);
    await first.post(ACCEPT, { token: usedUp.token });
    expectProblem(await second.post(ACCEPT, { token: usedUp.token }), 409, 'invitation.used_up');

    const path = `/v1/teams/${team.teamId}/invitations`;
    const revoked = await invite(team.owner, team, { expiresIn: 60 });
    expect((await team.owner.delete(`${path}/${revoked.invitationId}`)).status).toBe(204);
    expect((await team.owner.delete(`${path}/${revoked.invitationId}`)).status).toBe(204);
    expectProblem(await second.post(ACCEPT, { token: revoked.token }), 409, 'invitation.revoked');
    const other = await aTeam(app, demo, team.owner);
    expectProblem(
      await team.owner.delete(`/v1/teams/${other.teamId}/invitations/${usedUp.invitationId}`),
      404,
      'invitation.not_found',
    );

    const expiring = await invite(team.owner, team, { expiresIn: 60 });
    app.clock.advance(60);
    expectProblem(await second.post(ACCEPT, { token: expiring.token }), 409, 'invitation.expired');
    await invite(team.owner, team);
    const idsOf = async (query: string) => {
      const { body } = await team.owner.get(`${path}${query}`);
      return (body as { items: { invitationId: string; status: string }[] }).items;
    };
    expect((await idsOf('')).map(({ status }) => status)).toEqual(['open', 'expired', 'revoked', 'used-up']);
    const page = await team.owner.get(`${path}?limit=3`);
    const { nextCursor } = page.body as { nextCursor: string };
    const last = await idsOf(`?limit=3&cursor=${nextCursor}`);
    expect(last.map(({ invitationId }) => invitationId)).toEqual([usedUp.invitationId]);
  });

  it('let exactly ten of forty people join at once', async () => {
    const team = await aTeam(app, demo);
    const { token, invitationId } = await invite(team.owner, team, { maxUses: 10 });
    const people = await Promise.all(times(40, () => signInPerson(app, demo)));
    const answers = await Promise.all(people.map((person) => person.post(ACCEPT, { token })));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 10, 409: 30 });
    expect(await membersOf(app, team.teamId)).toHaveLength(10);
    expect(
      await app.database.query(
        `SELECT use_count AS uses, (SELECT count(*)::int FROM invitation_uses u WHERE u.invitation_id = i.id) AS rows,
           (SELECT member_count FROM teams WHERE id = i.team_id) AS members
         FROM team_invitations i WHERE id = $1`,
        [invitationId],
      ),
    ).toEqual([{ uses: 10, rows: 10, members: 11 }]);
  });

  it('are of one team in one application', async () => {
    const team = await aTeam(app, demo);
    const { token } = await invite(team.owner, team);
    const person = aPerson();
    const elsewhere = await signInPerson(app, await app.createApplication(), person);
    expectProblem(await elsewhere.post(ACCEPT, { token }), 404, 'invitation.not_found');
    expectProblem(await elsewhere.post(PREVIEW, { token }), 404, 'invitation.not_found');
    expectProblem(
      await elsewhere.post(`/v1/teams/${team.teamId}/invitations`, { role: 'viewer' }),
      404,
      'team.not_found',
    );
    expectProblem(await elsewhere.get(`/v1/teams/${team.teamId}/invitations`), 404, 'team.not_found');
  });

  it('are made to roles below one’s own, by owners and admins', async () => {
    const team = await aTeam(app, demo);
    const path = `/v1/teams/${team.teamId}/invitations`;
    const outcomes: Record<string, number[]> = {};
    for (const role of ['admin', 'editor', 'viewer'] as const) {
      const member = await signInPerson(app, demo);
      await addMember(app, team.teamId, member, role);
      const wanted = ['admin', 'editor', 'viewer'];
      outcomes[role] = [];
      for (const one of wanted) outcomes[role].push((await member.post(path, { role: one })).status);
      outcomes[role].push((await member.get(path)).status);
    }
    expect(outcomes).toEqual({
      admin: [403, 201, 201, 200],
      editor: [403, 403, 403, 403],
      viewer: [403, 403, 403, 403],
    });
    expectProblem(await team.owner.post(path, { role: 'admin' }), 403, 'account.step_up_required');
    await team.owner.stepUp();
    expect((await team.owner.post(path, { role: 'admin' })).status).toBe(201);
    for (const role of ['owner', 'king'])
      expectProblem(await team.owner.post(path, { role }), 400, 'request.invalid');
    const stranger = await signInPerson(app, demo);
    expectProblem(await stranger.post(path, { role: 'viewer' }), 403, 'team.not_a_member');
    expectProblem(await stranger.delete(`${path}/${randomUUID()}`), 403, 'team.not_a_member');
  });

  it('to admins need a session that may act as one', async () => {
    const weak = await app.createApplication({
      settings: { accountAssurance: 'platform' },
      bot: { signaturePolicy: 'optional' },
    });
    const team = await aTeam(app, weak);
    await team.owner.stepUp();
    const { token } = await invite(team.owner, team, { role: 'admin', maxUses: 2 });
    const person = aPerson();
    const initData = app.initDataOf(weak, person, { omitSignature: true });
    const session = await app.postSignIn({ applicationId: weak.applicationId, initData });
    const { accessToken } = session.body as { accessToken: string };
    const answer = await app.http.post(ACCEPT).set('authorization', `Bearer ${accessToken}`).send({ token });
    expectProblem(answer, 403, 'auth.assurance_too_low');
    expect((await (await signInPerson(app, weak)).post(ACCEPT, { token })).status).toBe(200);
  });

  it('are none by a text that is no token, or by an unknown one', async () => {
    const person = await signInPerson(app, demo);
    for (const token of ['', 'x', 'r_' + mintInvitationToken(), 5, null])
      expectProblem(await person.post(ACCEPT, { token }), 400, 'request.invalid');
    for (const path of [ACCEPT, PREVIEW])
      expectProblem(await person.post(path, { token: mintInvitationToken() }), 404, 'invitation.not_found');
  });

  it('hold the limit of the team, and the switch of the application', async () => {
    const small = await app.createApplication();
    const team = await aTeam(app, small);
    const { token } = await invite(team.owner, team, { maxUses: 9 });
    const [first, second] = [await signInPerson(app, small), await signInPerson(app, small)];
    expect((await first.post(ACCEPT, { token })).status).toBe(200);
    await app.database.query('UPDATE teams SET member_count = 1000 WHERE id = $1', [team.teamId]);
    expectProblem(await second.post(ACCEPT, { token }), 409, 'team.full');
    const other = await aTeam(app, small);
    await app.changeSettings(small.applicationId, { teams: { accept: false } });
    await app.catchUp();
    expectProblem(await second.post(ACCEPT, { token }), 403, 'team.not_accepted');
    expectProblem(
      await other.owner.post(`/v1/teams/${other.teamId}/invitations`, { role: 'viewer' }),
      403,
      'team.not_accepted',
    );
  });
});
