import { Installation, LookupUpkeep } from '@countersign/users';
import { aPerson, times } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator, type Operator } from '../support/operator';
import { signInOpenWeb3, signInPerson } from '../support/person-session';
import { rowsThatHold } from '../support/rows-that-hold';
import { statementsOf } from '../support/statement-count';
import { useFixture } from '../support/use-fixture';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

const LOOKUP = '/v1/admin/users/lookup';

interface Found {
  readonly userIds: readonly string[];
}

let count = 0;

function aUsername(): string {
  count += 1;
  return `Lovelace_${Date.now().toString(36)}_${count}`;
}

describe('looking up accounts by username', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { dataNeeds: ['name', 'username'] } });
  const modest = useApplication(app, { settings: { dataNeeds: ['name'] } });
  const im = useOpenWeb3Bot(app, demo);
  const operator: Operator = useFixture(() => anOperator(app), { per: 'test' });

  beforeEach(async () => {
    await set({ usernameLookup: false });
    await app.database.query(`UPDATE identities SET stored_fields = array_remove(stored_fields, 'username')`);
    await keep();
  });

  const set = (change: { usernameLookup: boolean }) => app.nest.get(Installation).change(change);
  const keep = () => app.nest.get(LookupUpkeep).run();
  const ask = async (body: object): Promise<Found> => {
    const answer = await operator.post(LOOKUP, body);
    expect({ status: answer.status, body: answer.body as object }).toMatchObject({ status: 200 });
    return answer.body as Found;
  };
  const digests = async (): Promise<number> =>
    (await app.database.query('SELECT FROM lookup_digests')).length;
  /** After this the job has seen everything. */
  const complete = async () => {
    app.clock.advance(61);
    await keep();
  };

  it('is off at first: nothing is stored, nothing is recorded, and sign-ins send the same statements', async () => {
    const person = aPerson({ username: aUsername() });
    const recorded = await auditOf(app, { action: 'user.looked_up' });
    await app.signIn(demo, aPerson({ username: aUsername() }));
    const off = await statementsOf(app, () => app.signIn(demo, person));
    expect(off.join('\n')).not.toMatch(/lookup_digests/);
    expect(await digests()).toBe(0);
    expectProblem(await operator.post(LOOKUP, { username: person.username }), 422, 'user.lookup_off');
    expect(await auditOf(app, { action: 'user.looked_up' })).toHaveLength(recorded.length);

    await set({ usernameLookup: true });
    const on = await statementsOf(app, () => app.signIn(demo, aPerson({ username: aUsername() })));
    expect(on.filter((text) => !text.includes('INSERT INTO lookup_digests'))).toEqual(off);
    expect(on).toHaveLength(off.length + 1);
    app.clock.advance(60);
    const again = await statementsOf(app, () => app.signIn(demo, person));
    expect(again.join('\n')).not.toMatch(/lookup_digests/);
  });

  it('finds those who sign in, without case and @', async () => {
    await set({ usernameLookup: true });
    const username = aUsername();
    const { userId } = await app.signIn(demo, aPerson({ username }));
    await app.signIn(demo, aPerson());
    for (const form of [username, `@${username.toUpperCase()}`, username.toLowerCase()])
      expect(await ask({ username: form })).toEqual({ userIds: [userId] });
    expect(await ask({ username: `${username}x` })).toEqual({ userIds: [] });
  });

  it('fills in those who were there before, and deletes all when it is switched off', async () => {
    const people = times(4, () => aPerson({ username: aUsername() }));
    const [ada, ...others] = await Promise.all(people.map((person) => app.signIn(demo, person)));
    const known = { username: people[0]?.username };
    await set({ usernameLookup: true });
    expect(await ask(known)).toEqual({ userIds: [] });

    // A sign-in that has not seen the switch may still be under way.
    await keep();
    expect(await ask(known)).toEqual({ userIds: [] });
    await complete();
    expect(await ask(known)).toMatchObject({ userIds: [ada?.userId] });
    expect(await digests()).toBe(others.length + 1);

    await set({ usernameLookup: false });
    expectProblem(await operator.post(LOOKUP, known), 422, 'user.lookup_off');
    expect(await keep()).toBe(others.length + 1);
    expect(await digests()).toBe(0);
    await set({ usernameLookup: true });
    expect(await ask(known)).toMatchObject({ userIds: [] });
  });

  it('follows a name that moves: the latest holder first, and no digest of a former name', async () => {
    await set({ usernameLookup: true });
    const username = aUsername();
    const [before, after] = [aPerson({ username }), aPerson({ username: aUsername() })];
    const [former, latter] = [await app.signIn(demo, before), await app.signIn(demo, after)];
    app.clock.advance(60);
    await app.signIn(demo, { ...after, username });
    expect((await ask({ username })).userIds).toEqual([latter.userId, former.userId]);
    expect((await ask({ username: after.username })).userIds).toEqual([]);

    app.clock.advance(60);
    const { username: _, ...nameless } = before;
    await app.signIn(demo, nameless);
    expect((await ask({ username })).userIds).toEqual([latter.userId]);
    expect(await digests()).toBe(1);
  });

  it('ends with one digest of the last name, however parallel sign-ins and the job are', async () => {
    const people = times(6, () => aPerson({ username: aUsername() }));
    const sessions = await Promise.all(people.map((person) => app.signIn(demo, person)));
    await set({ usernameLookup: true });
    for (let round = 1; round <= 3; round += 1) {
      app.clock.advance(60);
      await Promise.all([
        ...people.map((person, index) =>
          app.signIn(demo, { ...person, username: `${people[(index + round) % 6]?.username ?? ''}_m` }),
        ),
        keep(),
        keep(),
      ]);
    }
    await complete();
    expect(await digests()).toBe(6);
    for (const [index, { userId }] of sessions.entries()) {
      const last = `${people[(index + 3) % 6]?.username ?? ''}_m`;
      expect((await ask({ username: last })).userIds).toEqual([userId]);
    }
  });

  it('leaves nothing when it is switched off during the job and sign-ins', async () => {
    await Promise.all(times(8, () => app.signIn(demo, aPerson({ username: aUsername() }))));
    await set({ usernameLookup: true });
    await Promise.all([
      keep(),
      set({ usernameLookup: false }),
      ...times(8, () => app.signIn(demo, aPerson({ username: aUsername() }))),
    ]);
    await keep();
    expect(await digests()).toBe(0);
  });

  it('goes with the field, the identity and the person, and stays with a merge', async () => {
    await set({ usernameLookup: true });
    const [username, other] = [aUsername(), aUsername()];
    const survivor = await signInPerson(app, demo, aPerson({ username }));
    const merged = await signInOpenWeb3(app, im, aPerson({ username: other }));
    await mergeAccounts(app, demo, survivor, merged);
    for (const name of [username, other])
      expect((await ask({ username: name })).userIds).toEqual([survivor.userId]);

    const [found] = await app.database.query<{ id: string }>(
      `SELECT id FROM identities WHERE provider = 'openweb3' AND 'username' = ANY(stored_fields)`,
    );
    const split = await operator.post(`/v1/admin/identities/${found?.id ?? ''}/detach`);
    const { userId } = split.body as { userId: string };
    expect((await ask({ username: other })).userIds).toEqual([userId]);
    const erasure = { reason: 'x', now: true };
    expect((await operator.post(`/v1/admin/users/${userId}/erase`, erasure)).status).toBe(200);
    expect((await ask({ username: other })).userIds).toEqual([]);
  });

  it('is not stored for an application that does not need the field', async () => {
    await set({ usernameLookup: true });
    await app.signIn(modest, aPerson({ username: aUsername() }));
    await complete();
    expect(await digests()).toBe(0);
  });

  it('answers a miss like a hit, by the same statements, and records both without the value', async () => {
    await set({ usernameLookup: true });
    const person = aPerson({ username: aUsername() });
    const { userId } = await app.signIn(demo, person);
    await ask({ username: 'warm' });
    const ofHit = await statementsOf(app, async () => {
      expect((await ask({ username: person.username })).userIds).toEqual([userId]);
    });
    const ofMiss = await statementsOf(app, async () => {
      expect(await ask({ username: 'no_one_at_all' })).toEqual({ userIds: [] });
    });
    expect(ofMiss).toEqual(ofHit);
    const records = (await auditOf(app, { action: 'user.looked_up' })).slice(-2);
    expect(records.map(({ subject, details }) => [subject, details])).toEqual(
      ['true', 'false'].map((isFound) => [
        null,
        {
          by: 'username',
          isFound,
          digest: expect.stringMatching(/^[\w-]{43}$/) as string,
        },
      ]),
    );
    const stored = await app.database.query<{ digest: Buffer }>('SELECT digest FROM lookup_digests');
    expect(stored).toHaveLength(1);
    for (const { digest } of stored)
      expect(JSON.stringify(records)).not.toContain(digest.toString('base64url'));
    const values = [person.username ?? '', (person.username ?? '').toLowerCase()];
    expect(await rowsThatHold(app.database, values)).toEqual([]);
    for (const value of values) expect(app.logLines.join('\n')).not.toContain(value);
  });
});
