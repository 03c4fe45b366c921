import { DAY } from '@countersign/runtime';
import { open, type Sealed } from '@countersign/crypto';
import { UsersService } from '@countersign/users';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { openWeb3Launch, signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { openWeb3InitDataOf } from '../support/proofs';
import { acceptance } from '../support/relaunch';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';
import { linkIdentity, mergeAccounts } from '../support/accounts';
import { walletSession } from '../support/linked-wallets';
import { until } from '../support/until';
import { useApplication, useOpenWeb3Bot, useReplica, useTestApp } from '../support/use-test-app';

interface MeBody {
  readonly userId: string;
  readonly profile: { readonly firstName: string };
  readonly identities: readonly { readonly provider: string; readonly subject: string }[];
}

describe('a merge of two accounts', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { origins: [SITE], wallets: { createsAccounts: true } } });
  const im = useOpenWeb3Bot(app, demo);
  const replica = useReplica(app);

  /** One person with two accounts. */
  async function twoAccounts(): Promise<{ survivor: PersonSession; loser: PersonSession }> {
    return { survivor: await signInPerson(app, demo), loser: await signInOpenWeb3(app, im) };
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
    const accept = await acceptance(app, demo, survivor, loser);
    const before = await rowsOf(survivor.userId, loser.userId);

    const answer = await accept();

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
    const person = aPerson({ first_name: 'Zoë' });
    const { applicationId, botId } = im;
    await app.http.post('/v1/auth/openweb3/init-data').send({
      applicationId,
      botId,
      deviceName: 'Telefon 📱',
      initData: openWeb3InitDataOf(app, im, person),
    });
    await mergeAccounts(app, demo, survivor, { person, launch: openWeb3Launch(app, im, person) });

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
    const person = aPerson();
    const proof = { applicationId: im.applicationId, initData: openWeb3InitDataOf(app, im, person) };
    const { body } = await app.http.post('/v1/auth/openweb3/init-data').send(proof);
    const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };

    expect((await replica.getMe(accessToken)).status).toBe(200);
    await mergeAccounts(app, demo, survivor, { person, launch: openWeb3Launch(app, im, person) });

    expectProblem(await app.getMe(accessToken), 401, 'session.ended');
    expectProblem(await app.refresh(refreshToken), 401, 'session.ended');
    await until(async () => (await replica.getMe(accessToken)).status === 401);
    expectProblem(await app.http.post('/v1/auth/openweb3/init-data').send(proof), 401, 'auth.proof_used');
    expect((await survivor.get('/v1/me')).status).toBe(200);
  });

  it('by the answer of a wallet needs step-up, a challenge for it, and another account that exists', async () => {
    const survivor = await signInPerson(app, demo);
    const wallet = anEvmWallet();
    const loser = await walletSession(app, demo, wallet);
    const before = await inventoryOf(app);
    const proof = () => walletProof(survivor, wallet, 'merge');
    expectProblem(await survivor.post('/v1/me/merges', await proof()), 403, 'account.step_up_required');
    expect(await inventoryOf(app)).toEqual(before);

    await survivor.stepUp();
    const forLink = await walletProof(survivor, wallet, 'link');
    expectProblem(await survivor.post('/v1/me/merges', forLink), 401, 'wallet.challenge_invalid');
    const unknown = await walletProof(survivor, anEvmWallet(), 'merge');
    expectProblem(await survivor.post('/v1/me/merges', unknown), 404, 'account.nothing_to_merge');
    const used = await proof();
    expect((await survivor.post('/v1/me/merges', used)).body).toEqual({
      userId: survivor.userId,
      mergedUserId: loser.userId,
    });
    expectProblem(await survivor.post('/v1/me/merges', used), 401, 'wallet.challenge_used');
    expectProblem(await survivor.post('/v1/me/merges', await proof()), 409, 'account.same_account');
  });

  it('takes no deactivated account in, and lets none take another', async () => {
    const { survivor, loser } = await twoAccounts();
    const accept = await acceptance(app, demo, survivor, loser);
    // The account of the loser is deactivated while the acceptance is on its way.
    const status = `UPDATE users SET status = 'deactivated' WHERE id = $1`;
    await app.database.query(status, [loser.userId]);

    expectProblem(await accept(), 403, 'user.deactivated');
    expect(await rowsOf(loser.userId)).toMatchObject({ identities: 1 });
  });

  it('takes no account into a weaker one, whose token of a bot would open it then', async () => {
    const { survivor: strong, loser: weak } = await twoAccounts();
    const accept = await acceptance(app, demo, weak, strong);

    expectProblem(await accept(), 403, 'auth.assurance_too_low');
    const answer = await (await acceptance(app, demo, strong, weak))();
    expect(answer.body).toEqual({ userId: strong.userId, mergedUserId: weak.userId });
  });

  it('happens once when both sides accept at the same moment', async () => {
    for (let round = 0; round < 4; round += 1) {
      const [one, other] = [await signInOpenWeb3(app, im), await signInOpenWeb3(app, im)];
      const both = [await acceptance(app, demo, one, other), await acceptance(app, demo, other, one)];
      const before = await rowsOf(one.userId, other.userId);

      const answers = await Promise.all(both.map(async (accept) => accept()));

      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      // Its session or that of the asking side has ended.
      expect([401, 404]).toContain(answers.find(({ status }) => status !== 200)?.status);
      expect(await rowsOf(one.userId, other.userId)).toEqual(before);
      const left = await app.database.query('SELECT id FROM users WHERE id = ANY($1::uuid[])', [
        [one.userId, other.userId],
      ]);
      expect(left).toHaveLength(1);
    }
  });

  it('leaves everything as it was when it is killed in the middle', async () => {
    const { survivor, loser } = await twoAccounts();
    const accept = await acceptance(app, demo, survivor, loser);
    const before = await rowsOf(survivor.userId, loser.userId);
    // Sessions have ended and identities have moved when the merge comes to this table.
    const hold = await app.database.hold('LOCK TABLE user_aliases IN SHARE MODE');
    const merging = accept().then(({ status }) => status);
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
    expect((await accept()).status).toBe(200);
    expect(await rowsOf(survivor.userId)).toEqual(before);
  });

  it('is not had by an identity of a test environment, which anybody can enter', async () => {
    const game = await app.createApplication();
    const { botId, botToken } = await app.addBot(game.applicationId, { environment: 'test' });
    const tester = aPerson();
    const { applicationId } = game;
    const enter = (startParam?: string) => {
      const launch = { environment: 'test', ...(startParam === undefined ? {} : { startParam }) } as const;
      return app.postSignIn({
        applicationId,
        botId,
        initData: app.initDataOf({ ...game, botToken }, tester, launch),
      });
    };
    const [victim, attacker] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const ofTester = { person: tester, launch: enter };
    await linkIdentity(app, demo, victim, ofTester);

    const accept = await acceptance(app, demo, attacker, ofTester);
    expectProblem(await accept(), 403, 'auth.assurance_too_low');
  });

  it('trusts no identity more than the account did that had it', async () => {
    const [survivor, loser] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const identityId = await linkIdentity(app, demo, loser, { person: aPerson() });
    await app.database.query(`UPDATE identities SET cap = 'bot-token' WHERE id = $1`, [identityId]);

    await mergeAccounts(app, demo, survivor, loser);

    const moved = await app.database.query<{ id: string; cap: string }>(
      'SELECT id, cap FROM identities WHERE user_id = $1 AND attached_at IS NOT NULL',
      [survivor.userId],
    );
    expect(moved).toHaveLength(2);
    expect(Object.fromEntries(moved.map(({ id, cap }) => [id === identityId, cap]))).toEqual({
      true: 'bot-token',
      false: 'platform',
    });
  });

  it.each(['survivor', 'loser'] as const)(
    'takes no proof from before that the %s takes none of',
    async (side) => {
      const sides = { survivor: await signInPerson(app, demo), loser: await signInPerson(app, demo) };
      const accept = await acceptance(app, demo, sides.survivor, sides.loser);
      const late = new Date(app.clock.now().getTime() - DAY);
      for (const [name, { userId }] of Object.entries(sides)) {
        const at = name === side ? late : new Date(late.getTime() - DAY);
        await app.database.query(
          'UPDATE users SET auth_not_before = $2, applications_not_before = $2 WHERE id = $1',
          [userId, at],
        );
        await app.database.query('UPDATE user_applications SET not_before = $2 WHERE user_id = $1', [
          userId,
          at,
        ]);
      }

      expect((await accept()).status).toBe(200);

      const kept = await app.database.query(
        `SELECT auth_not_before, applications_not_before, not_before
       FROM users JOIN user_applications ON user_id = id WHERE id = $1`,
        [sides.survivor.userId],
      );
      expect(kept).toEqual([{ auth_not_before: late, applications_not_before: late, not_before: late }]);
    },
  );
});
