import { DetachmentService, ErasureUpkeep } from '@countersign/account';
import { aPerson, type Person } from '../factories';
import { mergeAccounts, settleAttachments } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { invite, membersOf, signInBy, aTeam, type TestTeam } from '../support/invitations';
import { linkWallet, walletSession } from '../support/linked-wallets';
import { signInPerson, type PersonSession } from '../support/person-session';
import type { Launching } from '../support/relaunch';
import { separate } from '../support/separations';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE } from '../support/wallets';

const DAY_SECONDS = 24 * 3_600;

describe('a member who was removed', () => {
  const app = useTestApp();
  const demo = useApplication(app, {
    origins: [SITE],
    settings: { invitations: { acceptAtSignIn: true } },
  });

  const accept = (session: PersonSession, token: string) => session.post('/v1/invitations/accept', { token });

  async function joined(team: TestTeam, session: PersonSession): Promise<void> {
    const { token } = await invite(team.owner, team);
    expect((await accept(session, token)).status).toBe(200);
  }

  async function remove({ teamId, owner }: TestTeam, { userId }: PersonSession): Promise<void> {
    expect((await owner.delete(`/v1/teams/${teamId}/members/${userId}`)).status).toBe(204);
  }

  async function expectOut(team: TestTeam, session: PersonSession, token: string): Promise<void> {
    expectProblem(await accept(session, token), 409, 'invitation.revoked');
    expectProblem(await session.post('/v1/invitations/preview', { token }), 409, 'invitation.revoked');
    expect(await membersOf(app, team.teamId)).toEqual([]);
  }

  /** Signs in once more, after the identity has left its account. */
  async function again(person: Person): Promise<PersonSession> {
    app.clock.advance(2);
    return signInPerson(app, demo, person);
  }

  async function eraseAccount(session: PersonSession): Promise<void> {
    expect((await session.stepUp()).status).toBe(200);
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
    app.clock.advance(7 * DAY_SECONDS + 1);
    expect(await app.nest.get(ErasureUpkeep).run()).toBe(1);
  }

  async function unlinkTelegram(session: PersonSession): Promise<void> {
    expect((await session.stepUp()).status).toBe(200);
    await linkWallet(session, anEvmWallet());
    await settleAttachments(app);
    const { body } = await session.get('/v1/me/identities');
    const { items } = body as { items: readonly { identityId: string; provider: string }[] };
    const own = items.find(({ provider }) => provider === 'telegram');
    expect((await session.delete(`/v1/me/identities/${own?.identityId ?? ''}`)).status).toBe(204);
  }

  const merge = (survivor: PersonSession, loser: Launching) => mergeAccounts(app, demo, survivor, loser);

  it('uses no link that was made before, by its token or a sign-in', async () => {
    const team = await aTeam(app, demo);
    const person = aPerson();
    const session = await signInPerson(app, demo, person);
    const open = await invite(team.owner, team, { maxUses: 10 });
    await joined(team, session);
    await remove(team, session);

    await expectOut(team, session, open.token);
    const { invitation } = await signInBy(app, demo, `i_${open.token}`, person);
    expect(invitation).toMatchObject({ outcome: 'refused', code: 'invitation.revoked' });
    // The inviter sees no difference: it would tell which account has which identity.
    const { body } = await team.owner.get(`/v1/teams/${team.teamId}/invitations?status=open`);
    expect((body as { items: readonly object[] }).items).toHaveLength(1);
    // Others still use the link.
    expect((await accept(await signInPerson(app, demo), open.token)).status).toBe(200);
  });

  it('comes back by an invitation that was made afterwards', async () => {
    const team = await aTeam(app, demo);
    const session = await signInPerson(app, demo);
    await joined(team, session);
    await remove(team, session);

    await joined(team, session);
  });

  it('is no other person after an erasure, an unlinking or a merge', async () => {
    for (const leave of [eraseAccount, unlinkTelegram]) {
      const team = await aTeam(app, demo);
      const person = aPerson();
      const session = await signInPerson(app, demo, person);
      const open = await invite(team.owner, team, { maxUses: 10, expiresIn: 30 * DAY_SECONDS });
      await joined(team, session);
      await remove(team, session);
      await leave(session);

      const back = await again(person);
      expect(back.userId).not.toBe(session.userId);
      await expectOut(team, back, open.token);
      const other = await signInPerson(app, demo);
      await merge(other, back);
      await expectOut(team, other, open.token);
    }
  });

  it('is no other person by an identity that was linked after an erasure, once either has left', async () => {
    for (const way of ['the first one is unlinked', 'the other one is detached']) {
      const team = await aTeam(app, demo);
      const person = aPerson();
      const session = await signInPerson(app, demo, person);
      const open = await invite(team.owner, team, { maxUses: 10, expiresIn: 30 * DAY_SECONDS });
      await joined(team, session);
      await remove(team, session);
      await eraseAccount(session);
      const back = await again(person);
      expect((await back.stepUp()).status).toBe(200);
      const wallet = anEvmWallet();
      const { identityId } = await linkWallet(back, wallet);
      if (way === 'the first one is unlinked') await unlinkTelegram(back);
      else await app.nest.get(DetachmentService).detach(identityId);
      app.clock.advance(2);

      const byWallet = await walletSession(app, demo, wallet);
      expect([way, byWallet.userId === back.userId]).toEqual([way, way === 'the first one is unlinked']);
      await expectOut(team, byWallet, open.token);
    }
  });

  it.each(['survivor', 'loser'] as const)(
    'does not come back by merging with a %s that used an older link',
    async (side) => {
      const team = await aTeam(app, demo);
      const [removed, second] = [await signInPerson(app, demo), await signInPerson(app, demo)];
      const { token } = await invite(team.owner, team, { maxUses: 10 });
      await joined(team, removed);
      await remove(team, removed);
      expect((await accept(second, token)).status).toBe(200);

      await (side === 'survivor' ? merge(second, removed) : merge(removed, second));
      expect(await membersOf(app, team.teamId)).toEqual([]);
      const counts = await app.database.query('SELECT member_count FROM teams WHERE id = $1', [team.teamId]);
      expect(counts).toEqual([{ member_count: 1 }]);
    },
  );

  it('keeps in a merge what the other account got by a newer invitation, or had before', async () => {
    for (const when of ['before', 'after']) {
      const team = await aTeam(app, demo);
      const [removed, second] = [await signInPerson(app, demo), await signInPerson(app, demo)];
      await joined(team, removed);
      if (when === 'before') {
        await joined(team, second);
        app.clock.advance(1);
      }
      await remove(team, removed);
      if (when === 'after') await joined(team, second);

      await merge(removed, second);
      expect(await membersOf(app, team.teamId)).toMatchObject([{ userId: removed.userId }]);
    }
  });

  it('is no other person after a merge that is separated: the other account may join as before', async () => {
    const team = await aTeam(app, demo);
    const [removed, second] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const open = await invite(team.owner, team, { maxUses: 10 });
    await joined(team, removed);
    await remove(team, removed);
    await merge(second, removed);

    const { userId } = await separate(app, demo, removed.person);
    expect(userId).toBe(removed.userId);
    await expectOut(team, await again(removed.person), open.token);
    expect((await accept(await again(second.person), open.token)).status).toBe(200);
  });

  it('is both persons where the account was merged then, or the identity linked, and is separated', async () => {
    for (const how of ['merged', 'merged twice', 'linked'] as const) {
      const team = await aTeam(app, demo);
      const [survivor, person] = [await signInPerson(app, demo), aPerson()];
      const open = await invite(team.owner, team, { maxUses: 10 });
      const came = how === 'linked' ? { person } : await signInPerson(app, demo, person);
      await merge(survivor, came);
      const third = how === 'merged twice' ? await signInPerson(app, demo) : null;
      if (third) await merge(third, await signInPerson(app, demo, survivor.person));
      const together = await again(person);
      await joined(team, together);
      await remove(team, together);

      const { userId } = await separate(app, demo, person);
      expect([how, userId === together.userId]).toEqual([how, false]);
      if (third) await separate(app, demo, person);
      for (const each of [person, survivor.person, ...(third ? [third.person] : [])]) {
        const back = await again(each);
        await expectOut(team, back, open.token);
      }
      const joins = 'SELECT 1 FROM account_joins WHERE user_id = $1';
      expect(await app.database.query(joins, [together.userId])).toEqual([]);
    }
  });

  it('may use another invitation where they left by themselves', async () => {
    const team = await aTeam(app, demo);
    const session = await signInPerson(app, demo);
    const { token } = await invite(team.owner, team, { maxUses: 10 });
    await joined(team, session);
    expect((await session.delete(`/v1/teams/${team.teamId}/members/${session.userId}`)).status).toBe(204);

    expect((await accept(session, token)).status).toBe(200);
  });
});
