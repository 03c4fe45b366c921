import { mintInvitationToken } from '@countersign/invitations';
import { aPerson, countBy, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { addMember, aTeam, dropMember, invite, membersOf, signInBy } from '../support/invitations';
import { PATIENT_SERVICE } from '../support/patient-service';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const ACCEPT = '/v1/invitations/accept';

describe('invitations in start parameters', () => {
  const app = useTestApp({ environment: PATIENT_SERVICE });
  const demo = useApplication(app);
  const eager = useFixture(() =>
    app.createApplication({ settings: { invitations: { acceptAtSignIn: true } } }),
  );

  it('are offered by a sign-in, which accepts nothing by itself', async () => {
    const team = await aTeam(app, demo);
    const { token, invitationId } = await invite(team.owner, team, { role: 'editor' });
    const person = aPerson();

    const signedIn = await signInBy(app, demo, `i_${token}`, person);
    expect(signedIn.startParam).toBe(`i_${token}`);
    expect(signedIn.invitation).toEqual({
      outcome: 'offered',
      invitationId,
      team: { teamId: team.teamId, name: `Team ${team.teamId}`, logoUrl: null },
      role: 'editor',
      expiresAt: expect.any(String) as string,
    });
    expect(await membersOf(app, team.teamId)).toEqual([]);
    const session = await signInPerson(app, demo, person);
    expect((await session.post(ACCEPT, { token })).status).toBe(200);
    expect((await signInBy(app, demo, `i_${token}`, person)).invitation).toEqual({
      outcome: 'refused',
      code: 'invitation.already_member',
      team: { teamId: team.teamId, name: `Team ${team.teamId}`, logoUrl: null },
    });
  });

  it('are accepted in the transaction of the sign-in where the application wants that', async () => {
    const team = await aTeam(app, eager);
    const { token } = await invite(team.owner, team, { role: 'editor' });
    const { userId, invitation } = await signInBy(app, eager, `i_${token}`);
    expect(invitation).toMatchObject({ outcome: 'accepted', team: { teamId: team.teamId }, role: 'editor' });
    expect(await membersOf(app, team.teamId)).toEqual([
      { userId, role: 'editor', invitedBy: team.owner.userId },
    ]);
  });

  it('are never accepted as admin', async () => {
    const team = await aTeam(app, eager);
    await team.owner.stepUp();
    const { token } = await invite(team.owner, team, { role: 'admin' });
    expect((await signInBy(app, eager, `i_${token}`)).invitation).toMatchObject({
      outcome: 'offered',
      role: 'admin',
    });
    expect(await membersOf(app, team.teamId)).toEqual([]);
  });

  it('let exactly ten of a hundred people join at once', async () => {
    const team = await aTeam(app, eager);
    const { token } = await invite(team.owner, team, { maxUses: 10 });
    const answers = await Promise.all(times(100, () => signInBy(app, eager, `i_${token}`)));
    expect(
      countBy(answers, ({ invitation }) => `${invitation?.outcome} ${invitation?.code ?? ''}`.trim()),
    ).toEqual({ accepted: 10, 'refused invitation.used_up': 90 });
    expect(await membersOf(app, team.teamId)).toHaveLength(10);
  });

  it('are offered to many who sign in at once, each for themselves', async () => {
    const team = await aTeam(app, demo);
    const { token } = await invite(team.owner, team);
    const members = await Promise.all(times(5, () => signInPerson(app, demo)));
    for (const member of members) await addMember(app, team, member, 'viewer');
    const answers = await Promise.all([
      ...times(20, () => signInBy(app, demo, `i_${token}`)),
      ...members.map(({ person }) => signInBy(app, demo, `i_${token}`, person)),
      ...times(20, () => app.signIn(demo)),
    ]);
    expect(
      countBy(answers, (answer) => ('invitation' in answer && answer.invitation.code) || outcomeOf(answer)),
    ).toEqual({ offered: 20, 'invitation.already_member': 5, none: 20 });
  });

  it('count at the first use of a proof only: who left does not rejoin', async () => {
    const team = await aTeam(app, eager);
    const { token } = await invite(team.owner, team, { maxUses: 9 });
    const person = aPerson();
    const initData = app.initDataOf(eager, person, { startParam: `i_${token}` });
    const body = { applicationId: eager.applicationId, initData };
    const first = await app.postSignIn(body);
    expect(first.body).toMatchObject({ invitation: { outcome: 'accepted' } });
    await dropMember(app, team, first.body as { userId: string });

    for (const later of [0, 5, 30]) {
      app.clock.advance(later);
      const again = await app.postSignIn(body);
      expect({ status: again.status, invitation: (again.body as object)['invitation' as never] }).toEqual({
        status: 200,
        invitation: undefined,
      });
    }
    // A new launch by the same link is another proof, and the same invitation.
    expect((await signInBy(app, eager, `i_${token}`, person)).invitation).toEqual({
      outcome: 'refused',
      code: 'invitation.already_used',
    });
    expect(await membersOf(app, team.teamId)).toEqual([]);
  });

  it('are refused with their code while the sign-in succeeds', async () => {
    const team = await aTeam(app, demo);
    const codeOf = async (token: string, person = aPerson()) =>
      (await signInBy(app, demo, `i_${token}`, person)).invitation;
    const refusal = (code: string) => ({ outcome: 'refused', code });

    expect(await codeOf(mintInvitationToken())).toEqual(refusal('invitation.not_found'));
    const usedUp = await invite(team.owner, team);
    await (await signInPerson(app, demo)).post(ACCEPT, { token: usedUp.token });
    expect(await codeOf(usedUp.token)).toEqual(refusal('invitation.used_up'));
    const revoked = await invite(team.owner, team);
    await team.owner.delete(`/v1/teams/${team.teamId}/invitations/${revoked.invitationId}`);
    expect(await codeOf(revoked.token)).toEqual(refusal('invitation.revoked'));
    const another = await app.createApplication();
    const elsewhere = await aTeam(app, another);
    expect(await codeOf((await invite(elsewhere.owner, elsewhere)).token)).toEqual(
      refusal('invitation.not_found'),
    );
    const expired = await invite(team.owner, team, { expiresIn: 60 });
    app.clock.advance(61);
    expect(await codeOf(expired.token)).toEqual(refusal('invitation.expired'));
  });

  it.each(['i_short', 'level-7'])(
    'belong to the application where they are no token: %j',
    async (startParam) => {
      const answer = await signInBy(app, eager, startParam);
      expect(answer.startParam).toBe(startParam);
      expect(answer).not.toHaveProperty('invitation');
    },
  );

  it('do not count in bodies, at refreshes or for init data per request', async () => {
    const daily = await app.createApplication({
      settings: { invitations: { acceptAtSignIn: true }, perRequestInitData: { accept: true } },
    });
    const team = await aTeam(app, daily);
    const { token } = await invite(team.owner, team, { maxUses: 9 });
    const person = aPerson();
    const initData = app.initDataOf(daily, person, { startParam: `i_${token}` });
    const perRequest = await app.http
      .get('/v1/me')
      .set('authorization', `tma ${initData}`)
      .set('x-countersign-application', daily.applicationId);
    expect({ status: perRequest.status, body: perRequest.body as unknown }).toMatchObject({ status: 200 });
    expect(await membersOf(app, team.teamId)).toEqual([]);

    const body = { applicationId: daily.applicationId, initData: app.initDataOf(daily, person) };
    expectProblem(await app.postSignIn({ ...body, startParam: `i_${token}` }), 400, 'request.unknown_field');
    const signedIn = await app.postSignIn(body);
    const { refreshToken } = signedIn.body as { refreshToken: string };
    const refreshed = await app.refresh(refreshToken, { initData });
    expect(refreshed.status).toBe(200);
    expect(refreshed.body).not.toHaveProperty('invitation');
    expect(await membersOf(app, team.teamId)).toEqual([]);
  });
});

function outcomeOf(answer: object): string {
  const { invitation } = answer as { invitation?: { outcome: string } };
  return invitation?.outcome ?? 'none';
}
