import { mintInvitationToken } from '@countersign/invitations';
import { aPerson, countBy, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { aTeam, invite, membersOf, signInBy } from '../support/invitations';
import { addMember } from '../support/teams';
import { PATIENT_SERVICE } from '../support/patient-service';
import { signInPerson } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

const ACCEPT = '/v1/invitations/accept';

describe('invitations in start parameters', () => {
  const app = useTestApp({ environment: PATIENT_SERVICE });
  const demo = useApplication(app);

  it('are offered by a sign-in, which accepts nothing by itself', async () => {
    const team = await aTeam(app, demo);
    const { token, invitationId } = await invite(team.owner, team, { role: 'editor' });
    const person = aPerson();

    const signedIn = await signInBy(app, demo, `i_${token}`, person);
    expect(signedIn.startParam).toBe(`i_${token}`);
    expect(signedIn.invitation).toEqual({
      outcome: 'offered',
      invitationId,
      team: { teamId: team.teamId, name: team.name, logoUrl: null },
      role: 'editor',
      expiresAt: expect.any(String) as string,
    });
    expect(await membersOf(app, team.teamId)).toEqual([]);
    const session = await signInPerson(app, demo, person);
    expect((await session.post(ACCEPT, { token })).status).toBe(200);
    expect((await signInBy(app, demo, `i_${token}`, person)).invitation).toEqual({
      outcome: 'refused',
      code: 'invitation.already_member',
      team: { teamId: team.teamId, name: team.name, logoUrl: null },
    });
  });

  it('are offered to many who sign in at once, each for themselves', async () => {
    const team = await aTeam(app, demo);
    const { token } = await invite(team.owner, team);
    const members = await Promise.all(times(5, () => signInPerson(app, demo)));
    for (const member of members) await addMember(app, team.teamId, member, 'viewer');
    const answers = await Promise.all([
      ...times(20, () => signInBy(app, demo, `i_${token}`)),
      ...members.map(({ person }) => signInBy(app, demo, `i_${token}`, person)),
      ...times(20, () => app.signIn(demo)),
    ]);
    expect(
      countBy(answers, (answer) => ('invitation' in answer && answer.invitation.code) || outcomeOf(answer)),
    ).toEqual({ offered: 20, 'invitation.already_member': 5, none: 20 });
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
      const answer = await signInBy(app, demo, startParam);
      expect(answer.startParam).toBe(startParam);
      expect(answer).not.toHaveProperty('invitation');
    },
  );

  it('are offered at the first use of a proof alone, and not in bodies or for init data per request', async () => {
    const daily = await app.createApplication({ settings: { perRequestInitData: { accept: true } } });
    const team = await aTeam(app, daily);
    const { token } = await invite(team.owner, team, { maxUses: 9 });
    const person = aPerson();
    const initData = app.initDataOf(daily, person, { startParam: `i_${token}` });
    const { applicationId } = daily;
    const perRequest = await app.http
      .get('/v1/me')
      .set('authorization', `tma ${initData}`)
      .set('x-countersign-application', applicationId);
    expect(perRequest.status).toBe(200);
    const body = { applicationId, initData: app.initDataOf(daily, person) };
    expectProblem(await app.postSignIn({ ...body, startParam: `i_${token}` }), 400, 'request.unknown_field');

    const first = await app.postSignIn({ applicationId, initData });
    expect(first.body).toMatchObject({ invitation: { outcome: 'offered' } });
    const { refreshToken } = first.body as { refreshToken: string };
    for (const again of [
      await app.postSignIn({ applicationId, initData }),
      await app.refresh(refreshToken, { initData }),
    ]) {
      expect(again.status).toBe(200);
      expect(again.body).not.toHaveProperty('invitation');
    }
    expect(await membersOf(app, team.teamId)).toEqual([]);
  });
});

function outcomeOf(answer: object): string {
  const { invitation } = answer as { invitation?: { outcome: string } };
  return invitation?.outcome ?? 'none';
}
