import { ErasureCompletion, Separation } from '@countersign/account';
import { DAY } from '@countersign/runtime';
import { BY_OPERATOR, TeamOwnership } from '@countersign/teams';
import { ExpiryUpkeep } from '@countersign/database';
import { aPerson, countBy, times, type Person } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { invite } from '../support/invitations';
import { aSteppedUp, linkWallet, walletSession } from '../support/linked-wallets';
import { isLive, signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import { askToJoin, relaunch, steppedUpFor, withGrant } from '../support/relaunch';
import { codeOf, withReferrals } from '../support/referrals';
import { addMember, aTeam } from '../support/teams';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, signInByWallet } from '../support/wallets';

interface SeparableJoin {
  readonly joinId: string;
  readonly kind: 'link' | 'merge';
  readonly userId: string | null;
  readonly identityIds: readonly string[];
  readonly needsStepUp: boolean;
  readonly separableUntil: string;
}

interface SeparationBody {
  readonly userId: string;
  readonly endedSessions: number;
  readonly lost: readonly { readonly what: string; readonly id: string | null }[];
}

/** They grow with every sign-in, or follow the sessions. */
const OF_SESSIONS: ReadonlySet<string> = new Set(['sessions', 'proofs', 'auditRecords']);

describe('POST /v1/me/separations', () => {
  const app = useTestApp();
  const demo = useApplication(app, { ...withReferrals(), origins: ['https://shop.example'] });

  const signIn = (person: Person = aPerson()) => signInPerson(app, demo, person);

  async function separableOf(session: PersonSession): Promise<readonly SeparableJoin[]> {
    const answer = await session.get('/v1/me/joins/separable');
    expect(answer.status).toBe(200);
    return (answer.body as { items: readonly SeparableJoin[] }).items;
  }

  /** The person signs in again, and separates all by which their identity came. */
  async function separateAll(person: Person): Promise<readonly SeparationBody[]> {
    const done: SeparationBody[] = [];
    for (;;) {
      const session = await signIn(person);
      const join = (await separableOf(session)).find(({ needsStepUp }) => !needsStepUp);
      if (!join) return done;
      const answer = await session.post('/v1/me/separations', { joinId: join.joinId });
      expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
      done.push(answer.body as SeparationBody);
    }
  }

  /** Everything that is stored of a person, as they may take it away; what teams record since is left out. */
  async function exported(person: Person, since: Date): Promise<Readonly<Record<string, unknown>>> {
    const session = await signIn(person);
    expect((await session.stepUp()).status).toBe(200);
    const { userId, sections } = readExport((await session.get('/v1/me/export')).text);
    const items = Object.entries(sections).flatMap(([name, section]) =>
      OF_SESSIONS.has(name)
        ? []
        : [[name, section.items.filter(({ at }) => !(Date.parse(String(at)) > since.getTime()))] as const],
    );
    return { userId, ...Object.fromEntries(items) };
  }

  /** A person with something of every part. */
  async function aFullPerson(friend: PersonSession, username: string): Promise<PersonSession> {
    const session = await signIn();
    const changed = await session.patch('/v1/me/profile', {
      displayName: `Name of ${username}`,
      username,
      email: `${username}@example.org`,
      visibility: { displayName: 'public', username: 'public' },
      preferences: { theme: username },
    });
    expect({ status: changed.status, text: changed.text }).toMatchObject({ status: 200 });
    await session.stepUp();
    await linkWallet(session, anEvmWallet());
    const own = await aTeam(session);
    const theirs = await aTeam(friend);
    await addMember(app, theirs.teamId, session, 'editor');
    await invite(session, own);
    await codeOf(session);
    return session;
  }

  it('gives both accounts back what they had, in every part', async () => {
    const friend = await signIn();
    const [victim, thief] = [await aFullPerson(friend, 'violet'), await aFullPerson(friend, 'tamara')];
    const shared = await aTeam(victim);
    await addMember(app, shared.teamId, thief, 'admin');
    await app.database.query('UPDATE team_members SET invited_by = $1 WHERE team_id = $2 AND user_id = $3', [
      victim.userId,
      shared.teamId,
      thief.userId,
    ]);
    const since = app.clock.now();
    const both = async () => [await exported(victim.person, since), await exported(thief.person, since)];
    const before = await both();
    app.clock.advance(1);

    await mergeAccounts(app, demo, thief, victim);
    const merged = await exported(victim.person, since);
    const done = await separateAll(victim.person);

    expect(merged['userId']).toBe(thief.userId);
    expect(done).toEqual([{ userId: victim.userId, endedSessions: expect.any(Number) as number, lost: [] }]);
    expect(await both()).toEqual(before);
    const rows = await app.database.query('SELECT 1 FROM account_joins');
    expect(rows).toEqual([]);
  });

  it('takes merges apart that were merged on since, in any number', async () => {
    const friend = await signIn();
    const names = ['quokka', 'numbat', 'bilby'] as const;
    const [first, second, third] = [
      await aFullPerson(friend, names[0]),
      await aFullPerson(friend, names[1]),
      await aFullPerson(friend, names[2]),
    ];
    const people = [first, second, third];
    const since = app.clock.now();
    const before = [];
    for (const { person } of people) before.push(await exported(person, since));
    app.clock.advance(1);

    await mergeAccounts(app, demo, second, first);
    await mergeAccounts(app, demo, third, await signIn(second.person));
    expect(await signIn(first.person)).toMatchObject({ userId: third.userId });
    const [earlier] = (await separableOf(await signIn(first.person))).filter(
      ({ userId }) => userId === first.userId,
    );
    const session = await signIn(first.person);
    const answer = await session.post('/v1/me/separations', { joinId: earlier?.joinId });

    expect(answer.body).toMatchObject({ userId: first.userId, lost: [] });
    const after = [];
    for (const { person } of people) after.push(await exported(person, since));
    expect(after).toEqual(before);
  });

  it('gives the survivor nothing of what it had changed since, and names what cannot return', async () => {
    const [victim, thief, friend] = [await signIn(), await signIn(), await signIn()];
    await victim.patch('/v1/me/profile', { displayName: 'Vera', biography: 'of Vera' });
    const [lost, gone] = [await aTeam(victim), await aTeam(victim)];
    await addMember(app, lost.teamId, friend, 'admin');
    await mergeAccounts(app, demo, thief, victim);
    const by = { ...BY_OPERATOR, reason: 'lost its owner' };
    await app.nest.get(TeamOwnership).transfer(by, lost.teamId, friend.userId);
    await app.database.query('DELETE FROM teams WHERE id = $1', [gone.teamId]);
    await thief.patch('/v1/me/profile', { biography: 'of the thief' });

    const [done] = await separateAll(victim.person);

    expect(done?.lost.toSorted((one, other) => (one.what < other.what ? -1 : 1))).toEqual([
      { what: 'team', id: gone.teamId },
      { what: 'team-role', id: lost.teamId },
    ]);
    const profiles = [await signIn(victim.person), await signIn(thief.person)].map(async (session) => {
      const { displayName, biography } = (await session.get('/v1/me/profile')).body as Record<string, string>;
      return { displayName, biography };
    });
    expect(await Promise.all(profiles)).toEqual([
      { displayName: 'Vera', biography: 'of Vera' },
      { displayName: null, biography: 'of the thief' },
    ]);
  });

  it('leaves the survivor what it has set since: the end of its launches, and preferences', async () => {
    const place = await app.createApplication({ trust: 'third-party' });
    const [victim, thief] = [await signIn(), await signIn()];
    await signInPerson(app, place, victim.person);
    await victim.patch('/v1/me/profile', { preferences: { theme: 'of the victim' } });
    await mergeAccounts(app, demo, thief, victim);
    const captured = [thief, victim].map(({ person }) => app.initDataOf(place, person));
    app.clock.advance(1);
    expect((await (await signInPerson(app, place, thief.person)).delete('/v1/me/sessions')).status).toBe(204);
    const changed = await thief.patch('/v1/me/profile', { preferences: { theme: 'of the thief' } });
    expect(changed.status).toBe(200);

    expect(await separateAll(victim.person)).toMatchObject([{ lost: [] }]);

    for (const initData of captured)
      expectProblem(
        await app.postSignIn({ applicationId: place.applicationId, initData }),
        401,
        'auth.proof_outdated',
      );
    const themes = [await signIn(victim.person), await signIn(thief.person)].map(
      async (session) => ((await session.get('/v1/me/profile')).body as { preferences: object }).preferences,
    );
    expect(await Promise.all(themes)).toEqual([{ theme: 'of the victim' }, { theme: 'of the thief' }]);
  });

  it('leaves the survivor fields that both had, and none of the applications of the other', async () => {
    const place = await app.createApplication();
    const [victim, thief] = [await signIn(), await signIn()];
    await signInPerson(app, place, victim.person);
    for (const each of [victim, thief]) await each.patch('/v1/me/profile', { displayName: 'Ada' });
    await mergeAccounts(app, demo, thief, victim);

    await separateAll(victim.person);

    const back = await signIn(thief.person);
    expect((await back.get('/v1/me/profile')).body).toMatchObject({ displayName: 'Ada' });
    const visits = await app.database.query(
      'SELECT application_id AS id FROM user_applications WHERE user_id = $1',
      [thief.userId],
    );
    expect(visits).toEqual([{ id: demo.applicationId }]);
  });

  it('gives a username back, also where the survivor has changed who sees it', async () => {
    const [victim, thief] = [await signIn(), await signIn()];
    await victim.patch('/v1/me/profile', { username: 'ocelot', visibility: { username: 'public' } });
    await mergeAccounts(app, demo, thief, victim);
    const hidden = await thief.patch('/v1/me/profile', { visibility: { username: 'private' } });
    expect(hidden.body).toMatchObject({ username: 'ocelot' });

    await separateAll(victim.person);

    const names = [await signIn(victim.person), await signIn(thief.person)].map(
      async (session) => ((await session.get('/v1/me/profile')).body as { username: string | null }).username,
    );
    expect(await Promise.all(names)).toEqual(['ocelot', null]);
  });

  it('gives a linked identity an account of its own, and ends its sessions only', async () => {
    const [thief, wallet] = [await aSteppedUp(app, demo), anEvmWallet()];
    const { identityId } = await linkWallet(thief, wallet);
    const session = await walletSession(app, demo, wallet);
    expect(session.userId).toBe(thief.userId);
    expect(await separableOf(session)).toMatchObject([
      { joinId: identityId, kind: 'link', userId: null, identityIds: [identityId] },
    ]);

    const answer = await session.post('/v1/me/separations', { joinId: identityId });

    expect({ status: answer.status, body: answer.body as object }).toMatchObject({
      status: 200,
      body: { endedSessions: 1, lost: [] },
    });
    expect([await isLive(app, session), await isLive(app, thief)]).toEqual([false, true]);
    const { userId } = answer.body as SeparationBody;
    expect(await walletSession(app, demo, wallet)).toMatchObject({ userId });
    expect(userId).not.toBe(thief.userId);
  });

  it('is done by the other identities of the account too, after a step-up for unlinking', async () => {
    const [victim, thief, wallet] = [await signIn(), await signIn(), anEvmWallet()];
    await mergeAccounts(app, demo, victim, thief);
    const linking = await steppedUpFor(app, demo, victim, 'account.link');
    const post: PersonSession['post'] = (path, body) => withGrant(linking.post(path, body), linking.grant);
    const { identityId } = await linkWallet({ ...linking, post }, wallet);
    const session = await signIn(victim.person);
    const items = await separableOf(session);
    expect(items).toMatchObject([
      { kind: 'link', joinId: identityId, needsStepUp: true },
      { kind: 'merge', userId: thief.userId, needsStepUp: true },
    ]);
    const weak = await signInByWidget(app, demo, victim.person);
    expect(await separableOf(weak)).toEqual([]);

    for (const { joinId } of items) {
      const separate = (by: PersonSession) => by.post('/v1/me/separations', { joinId });
      expectProblem(await separate(weak), 404, 'separation.not_found');
      expectProblem(await separate(session), 403, 'account.step_up_required');
      const other = await steppedUpFor(app, demo, session, 'account.link');
      expectProblem(await withGrant(separate(other), other.grant), 403, 'account.grant_invalid');
      const second = await steppedUpFor(app, demo, session, 'account.unlink');
      expect((await withGrant(separate(second), second.grant)).status).toBe(200);
    }

    expect(await isLive(app, session)).toBe(true);
    expect(await separableOf(session)).toEqual([]);
    const { identities } = (await session.get('/v1/me')).body as { identities: readonly object[] };
    expect(identities).toMatchObject([{ subject: String(victim.person.id) }]);
    expect(await signIn(thief.person)).toMatchObject({ userId: thief.userId });
    const back = await signInByWallet(app, demo, wallet);
    expect((back.body as { userId?: string }).userId).not.toBe(victim.userId);
  });

  it('is of the identities that came, by a fresh sign-in, for seven days', async () => {
    const [survivor, loser] = [await signIn(), await signIn()];
    await mergeAccounts(app, demo, survivor, loser);
    const session = await signIn(loser.person);
    const [join] = await separableOf(session);
    const wanted = { joinId: join?.joinId };

    expectProblem(await survivor.post('/v1/me/separations', wanted), 403, 'account.step_up_required');
    expectProblem(await session.post('/v1/me/separations', { joinId: 'x' }), 400, 'request.invalid');
    const initData = app.initDataOf(demo, loser.person);
    app.clock.advance(301);
    expectProblem(await session.post('/v1/me/separations', wanted), 403, 'separation.proof_too_old');
    const { body } = await app.postSignIn({ applicationId: demo.applicationId, initData });
    const late = app.http
      .post('/v1/me/separations')
      .set('authorization', `Bearer ${(body as { accessToken: string }).accessToken}`);
    expectProblem(await late.send(wanted), 403, 'separation.proof_too_old');
    const third = await app.createApplication({ trust: 'third-party' });
    const stranger = await signInPerson(app, third, loser.person);
    expectProblem(await stranger.post('/v1/me/separations', wanted), 403, 'account.first_party_only');
    expectProblem(await stranger.get('/v1/me/joins/separable'), 403, 'account.first_party_only');
    app.clock.advance((7 * DAY) / 1_000 - 302);
    expect(await separableOf(await signIn(loser.person))).toHaveLength(1);
    app.clock.advance(2);
    const after = await signIn(loser.person);
    expect(await separableOf(after)).toEqual([]);
    expectProblem(await after.post('/v1/me/separations', wanted), 404, 'separation.not_found');
    app.clock.advance(60);
    await app.nest.get(ExpiryUpkeep).run();
    const over = 'SELECT id FROM account_joins WHERE separable_until < $1';
    expect(await app.database.query(over, [app.clock.now()])).toEqual([]);
  });

  it('is done once, by however many parallel calls, also beside a merge of the survivor', async () => {
    const [victim, thief, other] = [await signIn(), await signIn(), await signIn()];
    await mergeAccounts(app, demo, thief, victim);
    const sessions = await Promise.all(times(6, () => signIn(victim.person)));
    const [join] = await separableOf(await signIn(victim.person));
    const separate = async (session: PersonSession) =>
      session.post('/v1/me/separations', { joinId: join?.joinId });
    const { code, number } = await askToJoin(app, demo, other);
    const asked = await relaunch(app, demo, thief.person, `j_${code}`);
    const accept = asked.post(`/v1/joins/${code}/accept`, { number });

    const [merge, ...answers] = await app.withReplica((replica) =>
      Promise.all([
        withGrant(accept, asked.joinAnswer?.grant ?? ''),
        ...sessions.map(async (session, index) =>
          index % 2 === 0
            ? separate(session)
            : replica.http
                .post('/v1/me/separations')
                .set('authorization', `Bearer ${session.accessToken}`)
                .send({ joinId: join?.joinId }),
        ),
      ]),
    );

    expect(merge.status).toBe(200);
    const statuses = countBy(answers, ({ status }) => status);
    expect(Object.keys(statuses).filter((status) => !['200', '401', '404'].includes(status))).toEqual([]);
    expect(statuses[200] ?? 0).toBeLessThanOrEqual(1);
    // Where the merge was first, the sessions ended, and the person signs in again.
    if (!statuses[200]) await separateAll(victim.person);
    expect(await signIn(victim.person)).toMatchObject({ userId: victim.userId });
    expect(await signIn(thief.person)).not.toMatchObject({ userId: victim.userId });
  });

  it('is still there when the other side erases the account, by a proof of the identity that came', async () => {
    const [thief, victim] = [await signIn(), await signIn()];
    await mergeAccounts(app, demo, thief, victim);
    await app.database.query(
      `UPDATE account_joins SET separable_until = joined_at + interval '30 days' WHERE merged_user_id = $1`,
      [victim.userId],
    );
    await app.database.query(
      `UPDATE identities SET cap = 'bot-token' WHERE user_id = $1 AND attached_at IS NOT NULL`,
      [thief.userId],
    );
    await thief.stepUp();
    const erasesAt = new Date(app.clock.now().getTime() + 30 * DAY).toISOString();
    expect((await thief.get('/v1/me/erasure')).body).toMatchObject({ erasesAt });
    const erased = await thief.delete(`/v1/me?confirm=${thief.userId}`);
    expect({ status: erased.status, body: erased.body as object }).toMatchObject({
      status: 202,
      body: { erasesAt },
    });

    app.clock.advance((29 * DAY) / 1_000);
    await app.nest.get(ErasureCompletion).run();
    const { applicationId } = demo;
    const initData = app.initDataOf(demo, victim.person);
    const kept = await app.postSignIn({ applicationId, initData, cancelErasure: true });
    expect({ status: kept.status, text: kept.text }).toMatchObject({ status: 200 });
    const [done] = await separateAll(victim.person);

    expect(done).toMatchObject({ userId: victim.userId, lost: [] });
  });

  it('leaves no account without an identity, at the moment when the other one is detached', async () => {
    const [survivor, loser] = [await signIn(), await signIn()];
    const { body } = await survivor.get('/v1/me/identities');
    const [own] = (body as { items: readonly { identityId: string }[] }).items;
    const { joinId } = await mergedJoin(survivor, loser);
    const session = await signIn(loser.person);

    const [separated, detached] = await Promise.all([
      session.post('/v1/me/separations', { joinId }),
      app.nest
        .get(Separation)
        .detach(own?.identityId ?? '')
        .then(
          () => null,
          (error: unknown) => (error as { code: string }).code,
        ),
    ]);

    if (detached === null) expectProblem(separated, 409, 'identity.last_one');
    else expect([separated.status, detached]).toEqual([200, 'identity.last_one']);
    const left = 'SELECT 1 FROM identities WHERE user_id = $1';
    expect(await app.database.query(left, [survivor.userId])).toHaveLength(1);
  });

  async function mergedJoin(survivor: PersonSession, loser: PersonSession): Promise<SeparableJoin> {
    await mergeAccounts(app, demo, survivor, loser);
    const [join] = await separableOf(await signIn(loser.person));
    if (!join) throw new Error('a merge is not listed');
    return join;
  }
});
