import { open, type Sealed } from '@countersign/crypto';
import { UsersService } from '@countersign/users';
import { aPerson, countBy, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { sessionOf, signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { openWeb3InitDataOf } from '../support/proofs';
import { until } from '../support/until';
import { useApplication, useOpenWeb3Bot, useReplica, useTestApp } from '../support/use-test-app';

interface MeBody {
  readonly userId: string;
  readonly profile: { readonly firstName: string };
  readonly identities: readonly { readonly provider: string; readonly subject: string }[];
}

describe('POST /v1/me/merges', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);
  const replica = useReplica(app);

  // Whose only identity is of OpenWeb3 can reach no other level.
  beforeAll(() => app.lowerAccountLevel());

  const proofOf = ({ person }: PersonSession) => ({ initData: openWeb3InitDataOf(app, im, person) });

  /** One person with two accounts, the first of them stepped up. */
  async function twoAccounts(): Promise<{ survivor: PersonSession; loser: PersonSession }> {
    const survivor = await signInPerson(app, demo);
    await survivor.stepUp();
    return { survivor, loser: await signInOpenWeb3(app, im) };
  }

  async function rowsOf(...userIds: string[]): Promise<object> {
    const [row] = await app.database.query<object>(
      `SELECT
         (SELECT count(*)::int FROM identities WHERE user_id = ANY($1::uuid[])) AS identities,
         (SELECT count(*)::int FROM identity_digests d JOIN identities i ON i.id = d.identity_id
          WHERE i.user_id = ANY($1::uuid[])) AS digests,
         (SELECT count(*)::int FROM sessions WHERE user_id = ANY($1::uuid[])) AS sessions`,
      [userIds],
    );
    return row ?? {};
  }

  it('makes one account of two: nothing is lost, nothing doubled', async () => {
    const { survivor, loser } = await twoAccounts();
    await signInOpenWeb3(app, im, loser.person);
    const before = await rowsOf(survivor.userId, loser.userId);

    const answer = await survivor.post('/v1/me/merges', proofOf(loser));

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ userId: survivor.userId, mergedUserId: loser.userId });
    expect(await rowsOf(survivor.userId)).toEqual(before);
    expect(await rowsOf(loser.userId)).toEqual({ identities: 0, digests: 0, sessions: 0 });
    const me = (await survivor.get('/v1/me')).body as MeBody;
    expect(me.identities.map(({ provider, subject }) => [provider, subject])).toEqual([
      ['telegram', String(survivor.person.id)],
      ['openweb3', String(loser.person.id)],
    ]);
    expect(await app.database.query('SELECT 1 FROM users WHERE id = $1', [loser.userId])).toEqual([]);
  });

  it('seals what the loser had anew: profile, device names and ids stay readable', async () => {
    const survivor = await signInPerson(app, demo);
    await survivor.stepUp();
    const person = aPerson({ first_name: 'Zoë' });
    const { applicationId, botId } = im;
    await app.http.post('/v1/auth/openweb3/init-data').send({
      applicationId,
      botId,
      deviceName: 'Telefon 📱',
      initData: openWeb3InitDataOf(app, im, person),
    });
    await survivor.post('/v1/me/merges', { initData: openWeb3InitDataOf(app, im, person) });

    const again = await signInOpenWeb3(app, im, person);

    expect(again.userId).toBe(survivor.userId);
    expect(((await again.get('/v1/me')).body as MeBody).profile.firstName).toBe('Zoë');
    const dataKey = await app.nest.get(UsersService).getDataKey(survivor.userId);
    const moved = await app.database.query<{ id: string; sealed: Sealed }>(
      'SELECT id, device_name AS sealed FROM sessions WHERE user_id = $1 AND device_name IS NOT NULL',
      [survivor.userId],
    );
    expect(
      moved.map(({ id, sealed }) =>
        open(dataKey, { table: 'sessions', column: 'device_name', row: id }, sealed),
      ),
    ).toEqual(['Telefon 📱']);
  });

  it('ends the sessions of the loser, on every replica, and their proofs open nothing again', async () => {
    const survivor = await signInPerson(app, demo);
    await survivor.stepUp();
    const person = aPerson();
    const proof = { applicationId: im.applicationId, initData: openWeb3InitDataOf(app, im, person) };
    const { body } = await app.http.post('/v1/auth/openweb3/init-data').send(proof);
    const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };

    expect((await replica.getMe(accessToken)).status).toBe(200);
    await survivor.post('/v1/me/merges', { initData: openWeb3InitDataOf(app, im, person) });

    expectProblem(await app.getMe(accessToken), 401, 'session.ended');
    expectProblem(await app.refresh(refreshToken), 401, 'session.ended');
    await until(async () => (await replica.getMe(accessToken)).status === 401);
    expectProblem(await app.http.post('/v1/auth/openweb3/init-data').send(proof), 401, 'auth.proof_used');
    expect((await survivor.get('/v1/me')).status).toBe(200);
  });

  it('keeps the loser’s id as an alias, through several merges', async () => {
    const first = await twoAccounts();
    await first.survivor.post('/v1/me/merges', proofOf(first.loser));
    const last = await signInPerson(app, demo);
    await last.stepUp();
    await last.post('/v1/me/merges', { initData: app.initDataOf(demo, first.survivor.person) });

    expect(
      await app.database.query('SELECT user_id AS owner FROM user_aliases WHERE id = ANY($1::uuid[])', [
        [first.loser.userId, first.survivor.userId],
      ]),
    ).toEqual([{ owner: last.userId }, { owner: last.userId }]);
  });

  it('is recorded without a name, and answered again when the answer was lost', async () => {
    const { survivor, loser } = await twoAccounts();
    const proof = proofOf(loser);
    const first = await survivor.post('/v1/me/merges', proof);
    const before = await inventoryOf(app);

    const again = await survivor.post('/v1/me/merges', proof);

    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    expect(await inventoryOf(app)).toEqual(before);
    const records = JSON.stringify(
      await app.database.query(`SELECT * FROM audit_records WHERE action = 'user.merged'`),
    );
    expect(records).toContain('user:');
    expect(records).not.toContain(survivor.userId);
    expect(records).not.toContain(loser.userId);
  });

  it('needs fresh proofs of both sides', async () => {
    const survivor = await signInPerson(app, demo);
    const loser = await signInOpenWeb3(app, im);
    const before = await inventoryOf(app);
    expectProblem(await survivor.post('/v1/me/merges', proofOf(loser)), 403, 'account.step_up_required');
    expect(await inventoryOf(app)).toEqual(before);

    const stale = proofOf(loser);
    app.clock.advance(301);
    await survivor.stepUp();
    expectProblem(await survivor.post('/v1/me/merges', stale), 401, 'auth.proof_not_fresh');
    const used = proofOf(loser);
    await app.http.post('/v1/auth/openweb3/init-data').send({ ...used, applicationId: im.applicationId });
    expectProblem(await survivor.post('/v1/me/merges', used), 401, 'auth.proof_used');
    expect(await rowsOf(loser.userId)).toMatchObject({ identities: 1 });
  });

  it('needs another account that exists', async () => {
    const { survivor } = await twoAccounts();
    const own = { initData: app.initDataOf(demo, survivor.person) };

    expectProblem(await survivor.post('/v1/me/merges', own), 409, 'account.same_account');
    expectProblem(
      await survivor.post('/v1/me/merges', { initData: openWeb3InitDataOf(app, im, aPerson()) }),
      404,
      'account.nothing_to_merge',
    );
  });

  it('takes no deactivated account in, and lets none take another', async () => {
    const { survivor, loser } = await twoAccounts();
    await app.accounts.setStatus(loser.userId, 'deactivated');

    expectProblem(await survivor.post('/v1/me/merges', proofOf(loser)), 403, 'user.deactivated');
    expect(await rowsOf(loser.userId)).toMatchObject({ identities: 1 });
  });

  it('is not reached by third-party applications', async () => {
    const third = await app.createApplication({ trust: 'third-party' });
    const session = await signInPerson(app, third);

    expectProblem(await session.post('/v1/me/merges', {}), 403, 'account.first_party_only');
  });

  it('happens once when both sides ask at the same moment', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { survivor: one, loser: other } = await twoAccounts();
      await other.post('/v1/me/step-up', proofOf(other));
      const before = await rowsOf(one.userId, other.userId);

      const answers = await Promise.all([
        one.post('/v1/me/merges', proofOf(other)),
        replica.http
          .post('/v1/me/merges')
          .set('authorization', `Bearer ${other.accessToken}`)
          .send({ initData: app.initDataOf(demo, one.person) }),
      ]);

      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
      expect(await rowsOf(one.userId, other.userId)).toEqual(before);
      const left = await app.database.query('SELECT id FROM users WHERE id = ANY($1::uuid[])', [
        [one.userId, other.userId],
      ]);
      expect(left).toHaveLength(1);
    }
  });

  it('happens once when many ask for the same account, while its person signs in', async () => {
    const loser = await signInOpenWeb3(app, im);
    const takers = await Promise.all(
      times(5, async () => {
        const taker = await signInPerson(app, demo);
        await taker.stepUp();
        return taker;
      }),
    );

    const [merges, signIns] = await Promise.all([
      Promise.all(takers.map((taker) => taker.post('/v1/me/merges', proofOf(loser)))),
      Promise.all(times(5, () => signInOpenWeb3(app, im, loser.person))),
    ]);

    expect(Object.keys(countBy(merges, ({ status }) => status)).filter((status) => status >= '500')).toEqual(
      [],
    );
    expect(signIns).toHaveLength(5);
    const owners = await app.database.query<{ owner: string }>(
      `SELECT user_id AS owner FROM user_aliases WHERE id = $1`,
      [loser.userId],
    );
    expect(owners).toHaveLength(1);
    expect((await signInOpenWeb3(app, im, loser.person)).userId).toBe(owners[0]?.owner);
  });

  it('leaves everything as it was when it is killed in the middle', async () => {
    const { survivor, loser } = await twoAccounts();
    const before = await rowsOf(survivor.userId, loser.userId);
    // Sessions have ended and identities have moved when the merge comes to this table.
    const hold = await app.database.hold('LOCK TABLE user_aliases IN SHARE MODE');
    const merging = survivor.post('/v1/me/merges', proofOf(loser)).then(({ status }) => status);
    await until(() => app.isWaitingFor('UPDATE user_aliases'));
    await app.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`,
    );
    const status = await merging;
    await hold.commit();

    expect(status).toBe(503);
    expect(await rowsOf(survivor.userId, loser.userId)).toEqual(before);
    expect((await loser.get('/v1/me')).status).toBe(200);
    await survivor.stepUp();
    expect((await survivor.post('/v1/me/merges', proofOf(loser))).status).toBe(200);
    expect(await rowsOf(survivor.userId)).toEqual(before);
  });

  it('is not had by an identity of a test environment, which anybody can enter', async () => {
    const game = await app.createApplication();
    const { botId, botToken } = await app.addBot(game.applicationId, { environment: 'test' });
    const tester = aPerson();
    const inTest = () => {
      const launch = { environment: 'test' } as const;
      return { botId, initData: app.initDataOf({ ...game, botToken }, tester, launch) };
    };
    const enter = async (person = aPerson()): Promise<PersonSession> => {
      const body = await app.signIn(game, person, { botId: game.botId });
      const session = sessionOf(app, body, person, () => ({ initData: app.initDataOf(game, person) }));
      expect((await session.stepUp()).status).toBe(200);
      return session;
    };
    const [victim, attacker] = [await enter(), await enter()];
    expect((await victim.post('/v1/me/identities/telegram/init-data', inTest())).status).toBe(201);

    expectProblem(await attacker.post('/v1/me/merges', inTest()), 403, 'auth.assurance_too_low');
  });
});
