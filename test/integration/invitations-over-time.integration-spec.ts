import { randomInt } from 'node:crypto';
import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { extendKeyRing, generateKeyRing, KeyRing } from '@countersign/crypto';
import { InvitationUpkeep } from '@countersign/invitations';
import { KeyRotation, Rewrapping } from '@countersign/keys';
import type { Response } from 'supertest';
import { aPerson, type Person } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { addMember, aTeam, dropMember, invite, type TestTeam } from '../support/invitations';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useApplication, useOpenWeb3Bot, useTestApp, useTestDatabase } from '../support/use-test-app';

const ACCEPT = '/v1/invitations/accept';
const OWN = '/v1/me/invitations';

const toId = ({ id }: Person) => ({ recipient: { telegramUserId: String(id) } });
const toName = ({ username }: Person) => ({ recipient: { telegramUsername: username } });
const aNamedPerson = () => aPerson({ username: `owl_${randomInt(1e9)}` });

describe('invitations over time', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);

  const anAdmin = async (team: TestTeam): Promise<PersonSession> => {
    const admin = await signInPerson(app, demo);
    await addMember(app, team, admin, 'admin');
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

  it('end with their team, each with its record, and are not open again in a restored one', async () => {
    const team = await aTeam(app, demo);
    const { token, invitationId } = await invite(team.owner, team);
    await team.owner.stepUp();
    expect((await team.owner.delete(`/v1/teams/${team.teamId}`)).status).toBe(204);
    expect(await statesOf(invitationId)).toEqual(['team-deleted']);
    const records = await auditOf(app, { applicationId: demo.applicationId, action: 'invitation.revoked' });
    expect(records.at(-1)).toMatchObject({ details: { reason: 'team-deleted', teamId: team.teamId } });
    const guest = await signInPerson(app, demo);
    expectProblem(await guest.post(ACCEPT, { token }), 404, 'invitation.not_found');
    await team.owner.post(`/v1/teams/${team.teamId}/restore`);
    expectProblem(await guest.post(ACCEPT, { token }), 409, 'invitation.revoked');
  });

  it('are deleted 30 days after they have ended, with all that belongs to them', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const used = await invite(team.owner, team, { expiresIn: 90 * 24 * 3_600 });
    await guest.post(ACCEPT, { token: used.token });
    const addressed = await invite(team.owner, team, { expiresIn: 3_600, ...toId(guest.person) });
    const open = await invite(team.owner, team, { expiresIn: 90 * 24 * 3_600 });
    const left = async () =>
      (await app.database.query('SELECT id FROM team_invitations WHERE team_id = $1', [team.teamId])).length;

    app.clock.advance(30 * 24 * 3_600);
    await app.nest.get(InvitationUpkeep).run();
    expect(await left()).toBe(3);
    app.clock.advance(3_601);
    expect(await app.nest.get(InvitationUpkeep).run()).toBeGreaterThanOrEqual(2);
    expect(await left()).toBe(1);
    expect(await statesOf(open.invitationId)).toEqual([null]);
    for (const table of ['invitation_uses', 'invitation_recipients'])
      expect(
        await app.database.query(`SELECT FROM ${table} WHERE invitation_id = ANY($1::uuid[])`, [
          [used.invitationId, addressed.invitationId],
        ]),
      ).toEqual([]);
  });

  it('end with the erasure of the inviter, and name neither of the two people any more', async () => {
    const team = await aTeam(app, demo);
    const admin = await anAdmin(team);
    const guest = await signInPerson(app, demo);
    const { invitationId } = await invite(admin, team, toId(guest.person));
    await erase(admin);

    expect(
      await app.database.query(
        `SELECT inviter_id, recipient, recipient_kind, revoke_reason FROM team_invitations WHERE id = $1`,
        [invitationId],
      ),
    ).toEqual([
      {
        inviter_id: null,
        recipient: null,
        recipient_kind: 'telegram-user-id',
        revoke_reason: 'inviter',
      },
    ]);
    expect(
      await app.database.query('SELECT FROM invitation_recipients WHERE invitation_id = $1', [invitationId]),
    ).toEqual([]);
    expect((await guest.get(OWN)).body).toMatchObject({ items: [] });
  });

  it('that are addressed to a person look to the inviter as if the person had never had an account', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo, aNamedPerson());
    await invite(team.owner, team, toId(guest.person));
    await invite(team.owner, team, toName(guest.person));
    const seen = async () => (await team.owner.get(`/v1/teams/${team.teamId}/invitations`)).body as object;
    const before = await seen();
    await erase(guest);

    expect(await seen()).toEqual(before);
  });

  it('go to the survivor of a merge, with recipients and uses', async () => {
    const team = await aTeam(app, demo);
    const [survivor, loser] = [await signInPerson(app, demo), await signInOpenWeb3(app, im)];
    await addMember(app, team, loser, 'admin');
    const guest = await signInPerson(app, demo);
    const sent = await invite(loser, team, toId(guest.person));
    const used = await aTeam(app, demo);
    const toUsed = await invite(used.owner, used, { maxUses: 9 });
    await loser.post(ACCEPT, { token: toUsed.token });
    await mergeAccounts(app, demo, survivor, loser);
    expect((await survivor.get(`/v1/teams/${team.teamId}/invitations`)).body).toMatchObject({
      items: [
        {
          invitationId: sent.invitationId,
          inviterId: survivor.userId,
          recipient: { telegramUserId: String(guest.person.id) },
        },
      ],
    });
    expectProblem(await survivor.post(ACCEPT, { token: toUsed.token }), 409, 'invitation.already_member');
    await dropMember(app, used, survivor);
    expectProblem(await survivor.post(ACCEPT, { token: toUsed.token }), 409, 'invitation.already_used');
    expect((await guest.post(`${OWN}/${sent.invitationId}/accept`)).status).toBe(200);
  });

  it('are in exports, those sent and those received', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo, aNamedPerson());
    const { invitationId } = await invite(team.owner, team, toId(guest.person));
    const another = await aTeam(app, demo);
    const byName = await invite(another.owner, another, toName(guest.person));
    const used = await invite(another.owner, another);
    await guest.post(ACCEPT, { token: used.token });

    const exported = async (session: PersonSession) => {
      await session.stepUp();
      return readExport((await session.get('/v1/me/export')).text).sections;
    };
    const ofOwner = await exported(team.owner);
    expect(ofOwner['sentInvitations']?.items).toMatchObject([
      { invitationId, teamId: team.teamId, status: 'open', recipient: String(guest.person.id) },
    ]);
    const ofGuest = await exported(guest);
    const received = ofGuest['receivedInvitations']?.items as { invitationId: string }[];
    expect(received).toHaveLength(2);
    expect(received).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ invitationId, teamId: team.teamId, recipientKind: 'telegram-user-id' }),
        expect.objectContaining({
          invitationId: byName.invitationId,
          teamId: another.teamId,
          recipientKind: 'telegram-username',
        }),
      ]),
    );
    expect(ofGuest['usedInvitations']?.items).toMatchObject([{ invitationId: used.invitationId }]);
    expect(JSON.stringify([ofOwner, ofGuest])).not.toContain(used.token);
  });
});

describe('recipients of invitations, after a rotation of the index key', () => {
  const database = useTestDatabase();

  it('are found by the new key alone', async () => {
    const before = generateKeyRing();
    const first = await TestApp.start({ database, keys: JSON.stringify(before) });
    const demo = await first.createApplication();
    const guest = aPerson();
    const team = await aTeam(first, demo);
    const { invitationId } = await invite(team.owner, team, toId(guest));
    await first.close();
    const { document: after, id } = extendKeyRing(before, 'index');
    const { telegram, clock } = first;
    const app = await TestApp.start({ database, keys: JSON.stringify(after), telegram, clock });
    try {
      const rotation = app.nest.get(KeyRotation);
      await rotation.rotate(id);
      await until(() => app.nest.get(KeyRing).active('index').id === id);
      app.clock.advance(700);
      await app.nest.get(Rewrapping).runToEnd();
      const { progress } = await rotation.status();
      expect(progress.find(({ work }) => work === 'invitation_recipients')).toMatchObject({
        keyId: id,
        done: 1,
        remaining: 0,
      });
      app.clock.advance(700);
      await rotation.retire(before.index.active);
      await app.nest.get(Rewrapping).runToEnd();
      expect(await database.query('SELECT key_id FROM invitation_recipients')).toEqual([{ key_id: id }]);
      const session = await signInPerson(app, demo, guest);
      expect((await session.get(OWN)).body).toMatchObject({ items: [{ invitationId }] });
    } finally {
      await app.close();
    }
  });
});
