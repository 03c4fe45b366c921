import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/runtime';
import type { Response } from 'supertest';
import { ExpiryUpkeep } from '@countersign/database';
import { mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { aTeam, dropMember, invite, type TestTeam } from '../support/invitations';
import { addMember } from '../support/teams';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

const ACCEPT = '/v1/invitations/accept';

describe('invitations over time', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);

  const anAdmin = async (team: TestTeam): Promise<PersonSession> => {
    const admin = await signInPerson(app, demo);
    await addMember(app, team.teamId, admin, 'admin');
    return admin;
  };
  const memberPath = (teamId: string, userId: string) => `/v1/teams/${teamId}/members/${userId}`;
  const statesOf = async (...ids: readonly string[]) => {
    const rows = await app.database.query<{ id: string; reason: string | null }>(
      'SELECT id, revoke_reason AS reason FROM team_invitations WHERE id = ANY($1::uuid[])',
      [ids],
    );
    return ids.map((id) => rows.find((row) => row.id === id)?.reason);
  };
  const erase = async (session: PersonSession) => {
    expect((await session.stepUp()).status).toBe(200);
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
    const due = new Date(app.clock.now().getTime() + 8 * DAY);
    expect(await app.nest.get(ErasureCompletion).complete(session.userId, due)).toBe(true);
  };

  it.each<[string, (team: TestTeam, admin: PersonSession) => Promise<Response>]>([
    [
      'gets a lower role',
      async ({ owner, teamId }, { userId }) => owner.patch(memberPath(teamId, userId), { role: 'editor' }),
    ],
    [
      'takes a lower role',
      async ({ teamId }, admin) => admin.patch(memberPath(teamId, admin.userId), { role: 'viewer' }),
    ],
    ['is removed', async ({ owner, teamId }, { userId }) => owner.delete(memberPath(teamId, userId))],
    ['leaves', async ({ teamId }, admin) => admin.delete(memberPath(teamId, admin.userId))],
  ])('end when the inviter %s', async (_name, lose) => {
    const team = await aTeam(app, demo);
    const admin = await anAdmin(team);
    const [ofAdmin, ofOwner] = [await invite(admin, team), await invite(team.owner, team)];
    const ended = await invite(admin, team);
    await admin.delete(`/v1/teams/${team.teamId}/invitations/${ended.invitationId}`);
    expect((await lose(team, admin)).status).toBe(204);
    const ids = [ofAdmin, ofOwner, ended].map(({ invitationId }) => invitationId);
    expect(await statesOf(...ids)).toEqual(['inviter', null, 'revoked']);
    const guest = await signInPerson(app, demo);
    expectProblem(await guest.post(ACCEPT, { token: ofAdmin.token }), 409, 'invitation.revoked');
    expect((await guest.post(ACCEPT, { token: ofOwner.token })).status).toBe(200);
  });

  it('to admins end with a transfer of the ownership, others stay open', async () => {
    const team = await aTeam(app, demo);
    const { owner, teamId } = team;
    const admin = await anAdmin(team);
    await owner.stepUp();
    const [toAdmin, toEditor] = [
      await invite(owner, team, { role: 'admin' }),
      await invite(owner, team, { role: 'editor' }),
    ];
    const transferred = await owner.post(`/v1/teams/${teamId}/transfer`, { userId: admin.userId });
    expect({ status: transferred.status, body: transferred.body as unknown }).toMatchObject({ status: 200 });
    expect(await statesOf(toAdmin.invitationId, toEditor.invitationId)).toEqual(['inviter', null]);
  });

  it('are deleted 30 days after they have ended, with all that belongs to them', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const used = await invite(team.owner, team, { expiresIn: 90 * 24 * 3_600 });
    await guest.post(ACCEPT, { token: used.token });
    await invite(team.owner, team, { expiresIn: 3_600 });
    const open = await invite(team.owner, team, { expiresIn: 90 * 24 * 3_600 });
    const left = async () =>
      (await app.database.query('SELECT id FROM team_invitations WHERE team_id = $1', [team.teamId])).length;

    app.clock.advance(30 * 24 * 3_600 - 1);
    await app.nest.get(ExpiryUpkeep).run();
    expect(await left()).toBe(3);
    app.clock.advance(3_601);
    await app.nest.get(ExpiryUpkeep).run();
    expect(await left()).toBe(1);
    expect(await statesOf(open.invitationId)).toEqual([null]);
    const uses = 'SELECT FROM invitation_uses WHERE invitation_id = $1';
    expect(await app.database.query(uses, [used.invitationId])).toEqual([]);
  });

  it('end with the erasure of the inviter, and name that person no more', async () => {
    const team = await aTeam(app, demo);
    const admin = await anAdmin(team);
    const { invitationId } = await invite(admin, team);
    await erase(admin);

    expect(
      await app.database.query('SELECT inviter_id, revoke_reason FROM team_invitations WHERE id = $1', [
        invitationId,
      ]),
    ).toEqual([{ inviter_id: null, revoke_reason: 'inviter' }]);
  });

  it('go to the survivor of a merge, with uses', async () => {
    const team = await aTeam(app, demo);
    const [survivor, loser] = [await signInPerson(app, demo), await signInOpenWeb3(app, im)];
    await addMember(app, team.teamId, loser, 'admin');
    const guest = await signInPerson(app, demo);
    const sent = await invite(loser, team);
    const used = await aTeam(app, demo);
    const toUsed = await invite(used.owner, used, { maxUses: 9 });
    await loser.post(ACCEPT, { token: toUsed.token });
    await mergeAccounts(app, demo, survivor, loser);
    expect((await survivor.get(`/v1/teams/${team.teamId}/invitations`)).body).toMatchObject({
      items: [{ invitationId: sent.invitationId, inviterId: survivor.userId }],
    });
    expectProblem(await survivor.post(ACCEPT, { token: toUsed.token }), 409, 'team.already_member');
    await dropMember(app, used, survivor);
    expectProblem(await survivor.post(ACCEPT, { token: toUsed.token }), 409, 'invitation.already_used');
    expect((await guest.post(ACCEPT, { token: sent.token })).status).toBe(200);
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
});
