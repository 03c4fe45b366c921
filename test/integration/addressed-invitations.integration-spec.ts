import { randomInt } from 'node:crypto';
import { aPerson, type Person } from '../factories';
import { linkIdentity } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { addMember, aTeam, invite, membersOf, signInBy } from '../support/invitations';
import { linkWallet, walletSession } from '../support/linked-wallets';
import { openWeb3Launch, signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE } from '../support/wallets';

const ACCEPT = '/v1/invitations/accept';
const OWN = '/v1/me/invitations';
const DAY = 24 * 3_600;

describe('invitations that are addressed to a person', () => {
  const app = useTestApp();
  const demo = useApplication(app, { origins: [SITE] });
  const im = useOpenWeb3Bot(app, demo);

  const aUsername = () => `owl_${randomInt(1e9)}`;
  const toId = ({ id }: Person) => ({ recipient: { telegramUserId: String(id) } });
  const toName = (telegramUsername: string) => ({ recipient: { telegramUsername } });
  const listOf = async (session: PersonSession) =>
    ((await session.get(OWN)).body as { items: { invitationId: string }[] }).items.map(
      ({ invitationId }) => invitationId,
    );

  it('are listed for that person, who accepts them by their id', async () => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const other = await signInPerson(app, demo);
    const { invitationId } = await invite(team.owner, team, { role: 'editor', ...toId(guest.person) });

    expect((await guest.get(OWN)).body).toMatchObject({
      items: [
        {
          invitationId,
          team: { teamId: team.teamId },
          role: 'editor',
          inviterId: team.owner.userId,
          recipientKind: 'telegram-user-id',
        },
      ],
      nextCursor: null,
    });
    expect(await listOf(other)).toEqual([]);
    expectProblem(await other.post(`${OWN}/${invitationId}/accept`), 404, 'invitation.not_found');
    expect((await guest.post(`${OWN}/${invitationId}/accept`)).body).toMatchObject({ role: 'editor' });
    expect(await listOf(guest)).toEqual([]);
    expect(await membersOf(app, team.teamId)).toMatchObject([{ userId: guest.userId }]);
    expectProblem(await guest.post(`${OWN}/${invitationId}/accept`), 409, 'invitation.already_member');
  });

  it('tell others nothing but that, also when they have ended', async () => {
    const team = await aTeam(app, demo);
    const { token, invitationId } = await invite(team.owner, team, toId(aPerson()));
    const other = await signInPerson(app, demo);
    await addMember(app, team, other, 'viewer');
    for (const path of [ACCEPT, '/v1/invitations/preview'])
      expectProblem(await other.post(path, { token }), 403, 'invitation.not_for_you');
    await team.owner.delete(`/v1/teams/${team.teamId}/invitations/${invitationId}`);
    const problem = await other.post(ACCEPT, { token });
    expectProblem(problem, 403, 'invitation.not_for_you');
    expect(problem.text).not.toContain(team.teamId);
  });

  it('of one team to one recipient are at most twenty, ended ones included, also when made at once', async () => {
    const team = await aTeam(app, demo);
    const guest = aPerson();
    const path = `/v1/teams/${team.teamId}/invitations`;
    const ask = (recipient: object) => team.owner.post(path, { role: 'viewer', ...recipient });
    const answers = await Promise.all(Array.from({ length: 23 }, () => ask(toId(guest))));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(20);
    const { invitationId } = made[0]?.body as { invitationId: string };
    await team.owner.delete(`${path}/${invitationId}`);
    expectProblem(await ask(toId(guest)), 409, 'invitation.recipient_limit_reached');
    expect((await ask(toId(aPerson()))).status).toBe(201);
    const other = await aTeam(app, demo);
    await invite(other.owner, other, toId(guest));
  });

  it('by link are for that person only', async () => {
    const eager = await app.createApplication({
      settings: { invitations: { acceptAtSignIn: true }, initDataMaxAge: 2 * DAY },
    });
    const team = await aTeam(app, eager);
    const [guest, username] = [aPerson(), aUsername()];
    const byId = await invite(team.owner, team, toId(guest));
    expect((await signInBy(app, eager, `i_${byId.token}`)).invitation).toEqual({
      outcome: 'refused',
      code: 'invitation.not_for_you',
    });
    expect((await signInBy(app, eager, `i_${byId.token}`, guest)).invitation?.outcome).toBe('accepted');
    const byName = await invite(team.owner, team, toName(`@${username.toUpperCase()}`));
    expect((await signInBy(app, eager, `i_${byName.token}`)).invitation?.code).toBe('invitation.not_for_you');
    const named = aPerson({ username });
    // Usernames change hands: the proof counts for a day.
    const dayOld = new Date(Math.ceil(app.clock.now().getTime() / 1_000) * 1_000 - DAY * 1_000);
    const older = new Date(dayOld.getTime() - 1_000);
    const enter = async (authDate: Date) =>
      (await signInBy(app, eager, `i_${byName.token}`, named, { authDate })).invitation;
    expect((await enter(older))?.code).toBe('invitation.sign_in_again');
    app.clock.advance((dayOld.getTime() + DAY * 1_000 - app.clock.now().getTime()) / 1_000);
    expect((await enter(dayOld))?.outcome).toBe('accepted');
  });

  it('to a username count for who has it now', async () => {
    const team = await aTeam(app, demo);
    const username = aUsername();
    const before = await signInPerson(app, demo, aPerson({ username }));
    const { token, invitationId } = await invite(team.owner, team, { ...toName(username), maxUses: 2 });
    expect(await listOf(before)).toEqual([invitationId]);

    app.clock.advance(DAY);
    // The token of the session has expired by then: a refresh proves no username.
    const refreshed = await app.refresh(before.refreshToken);
    const { accessToken } = refreshed.body as { accessToken: string };
    const list = () => app.http.get(OWN).set('authorization', `Bearer ${accessToken}`);
    expect((await list()).body).toMatchObject({ items: [{ invitationId }] });
    app.clock.advance(1);
    const call = app.http.post(ACCEPT);
    expectProblem(
      await call.set('authorization', `Bearer ${accessToken}`).send({ token }),
      403,
      'invitation.sign_in_again',
    );
    expect((await list()).body).toEqual({ items: [], nextCursor: null });
    const accepted = app.http.post(`${OWN}/${invitationId}/accept`);
    expectProblem(
      await accepted.set('authorization', `Bearer ${accessToken}`),
      403,
      'invitation.sign_in_again',
    );

    const renamed = await signInPerson(app, demo, { ...before.person, username: aUsername() });
    expectProblem(await renamed.post(ACCEPT, { token }), 403, 'invitation.not_for_you');
    const next = await signInPerson(app, demo, aPerson({ username }));
    expect(await listOf(next)).toEqual([invitationId]);
    expect((await next.post(ACCEPT, { token })).status).toBe(200);
  });

  it('to a username need an application that reads usernames', async () => {
    const blind = await app.createApplication({ settings: { dataNeeds: ['name'] } });
    const team = await aTeam(app, blind);
    const answer = await team.owner.post(`/v1/teams/${team.teamId}/invitations`, {
      role: 'viewer',
      ...toName(aUsername()),
    });
    expectProblem(answer, 409, 'invitation.usernames_not_needed');
    const username = aUsername();
    const person = await signInPerson(app, blind, aPerson({ username }));
    expect((await invite(team.owner, team, toId(person.person))).invitationId).toHaveLength(36);
  });

  it('do not count for people of other platforms, or of Telegram’s test environment, with equal ids', async () => {
    const mixed = await app.createApplication();
    const openWeb3 = await app.addOpenWeb3Bot(mixed);
    const team = await aTeam(app, mixed);
    const person = aPerson();
    const { token } = await invite(team.owner, team, { maxUses: 3, ...toId(person) });
    const elsewhere = await signInOpenWeb3(app, openWeb3, person);
    expectProblem(await elsewhere.post(ACCEPT, { token }), 403, 'invitation.not_for_you');
    expect(await listOf(elsewhere)).toEqual([]);

    const testBot = { ...mixed, ...(await app.addBot(mixed.applicationId, { environment: 'test' })) };
    const initData = app.initDataOf(testBot, person, { environment: 'test' });
    const answer = await app.postSignIn({
      applicationId: mixed.applicationId,
      initData,
      botId: testBot.botId,
    });
    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 200 });
    const { accessToken } = answer.body as { accessToken: string };
    const tested = await app.http.post(ACCEPT).set('authorization', `Bearer ${accessToken}`).send({ token });
    expectProblem(tested, 403, 'invitation.not_for_you');
  });

  it('count for a linked identity, except for sessions that do not see it', async () => {
    const linked = await signInPerson(app, demo);
    const person = aPerson();
    await linkIdentity(app, demo, linked, { person, launch: openWeb3Launch(app, im, person) });
    const team = await aTeam(app, demo);
    const { invitationId } = await invite(team.owner, team, toId(linked.person));
    expect(await listOf(linked)).toEqual([invitationId]);
    const byOther = await signInOpenWeb3(app, im, person);
    expect(byOther.userId).toBe(linked.userId);
    expect(await listOf(byOther)).toEqual([]);
  });

  it('to a username count by no session of another identity of the account', async () => {
    const guest = await signInPerson(app, demo, aPerson({ username: aUsername() }));
    await guest.stepUp();
    const wallet = anEvmWallet();
    await linkWallet(guest, wallet);
    const team = await aTeam(app, demo);
    const byId = await invite(team.owner, team, toId(guest.person));
    const byName = await invite(team.owner, team, toName(guest.person.username ?? ''));
    expect(await listOf(guest)).toEqual([byName.invitationId, byId.invitationId]);

    const byWallet = await walletSession(app, demo, wallet);

    expect(byWallet.userId).toBe(guest.userId);
    expect(await listOf(byWallet)).toEqual([byId.invitationId]);
    expect((await byWallet.post(ACCEPT, { token: byName.token })).status).toBe(403);
  });

  it('are shown with their recipient to the inviter only, and stored sealed', async () => {
    const team = await aTeam(app, demo);
    const admin = await signInPerson(app, demo);
    await addMember(app, team, admin, 'admin');
    const username = aUsername();
    const { invitationId } = await invite(admin, team, toName(`@${username}`));
    const path = `/v1/teams/${team.teamId}/invitations`;
    expect((await admin.get(path)).body).toMatchObject({
      items: [{ recipient: { telegramUsername: username }, recipientKind: 'telegram-username' }],
    });
    const seen = await team.owner.get(path);
    expect(seen.body).toMatchObject({ items: [{ recipient: null, recipientKind: 'telegram-username' }] });
    const rows = await app.database.query('SELECT * FROM team_invitations WHERE id = $1', [invitationId]);
    expect(JSON.stringify(rows)).not.toContain(username);
    expect(app.logLines.join('\n')).not.toContain(username);
  });

  it('are listed page by page, newest first', async () => {
    const guest = await signInPerson(app, demo);
    const made: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const team = await aTeam(app, demo);
      made.unshift((await invite(team.owner, team, toId(guest.person))).invitationId);
    }
    const page = (await guest.get(`${OWN}?limit=2`)).body as {
      items: { invitationId: string }[];
      nextCursor: string;
    };
    const rest = (await guest.get(`${OWN}?limit=2&cursor=${page.nextCursor}`)).body as typeof page;
    expect([...page.items, ...rest.items].map(({ invitationId }) => invitationId)).toEqual(made);
    expect(rest.nextCursor).toBeNull();
  });
});
