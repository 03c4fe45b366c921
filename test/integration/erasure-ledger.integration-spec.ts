import { randomUUID } from 'node:crypto';
import { ErasureCompletion, ErasureService } from '@countersign/account';
import type { KeyRingDocument } from '@countersign/crypto';
import { TokenInspector } from '@countersign/sessions';
import { aPerson } from '../factories';
import {
  actsOf,
  Backup,
  hintOf,
  Installation,
  type List,
  stateOf,
  usersOf,
} from '../support/erasure-ledgers';
import { expectProblem } from '../support/expect-problem';
import { isLive, signInPerson } from '../support/person-session';
import { rowsThatHold } from '../support/rows-that-hold';
import { useFixture } from '../support/use-fixture';

describe('the ledger of erasures', () => {
  const backup = useFixture(() => Backup.make(), { close: (made) => made.drop() });
  const installation = useFixture(() => Installation.of(backup), {
    per: 'test',
    close: (made) => made.drop(),
  });
  afterEach(() => jest.restoreAllMocks());

  it('has marks and erasures with MACs; an ordinary start erases nobody and ends no session', async () => {
    const [gone, other] = backup.people;
    const database = await installation.eraseSince(gone);

    const again = await installation.start(database);

    expect((await again.http.get('/health/ready')).status).toBe(200);
    expect(await hintOf(again)).toBeNull();
    expect(await isLive(again, other)).toBe(true);
    expect(await rowsThatHold(database, [gone.userId])).toEqual([]);
    const rows = await installation.rows();
    expect(rows.map(({ kind, user_id: userId }) => [kind, userId])).toEqual([
      ['mark', null],
      ['mark', null],
      ['erasure', gone.userId],
      ['mark', null],
    ]);
    const { index } = JSON.parse(backup.first.keys) as KeyRingDocument;
    for (const { macs } of rows) expect(Object.keys(macs)).toEqual([index[0]?.id]);
    expect(await actsOf(again, 'installation.restored')).toEqual([]);
  });

  it('reports a row that the role of the ledger inserted, copied or changed, which erases nobody', async () => {
    const [gone, other, third] = backup.people;
    const database = await installation.eraseSince(gone);
    const insert = (userId: string, number: number) =>
      installation.ledger.query(
        `INSERT INTO countersign_erasures SELECT installation, $2, $3, kind, run, $1, refers_to, key_id, at, macs
         FROM countersign_erasures WHERE kind = 'erasure' LIMIT 1`,
        [userId, number, randomUUID()],
      );
    await insert(other.userId, 90);
    await insert(gone.userId, 91);
    await installation.ledger.query(`UPDATE countersign_erasures SET macs = 'null' WHERE number = 91`);

    const app = await installation.start(database);

    expect(await hintOf(app)).toBeNull();
    expect(await usersOf(app)).toEqual([other.userId, third.userId].toSorted());
    expect(await isLive(app, other)).toBe(true);
    expect(app.logLines.some((line) => line.includes('entries that do not verify'))).toBe(true);
    const list = await installation.command(app).json<List>('ledger list');
    expect(list).toMatchObject({ state: 'fine', erasures: [] });
    expect(list.unverified.map(({ userId }) => userId)).toEqual([other.userId, gone.userId]);
    await installation.erase(app, other);
    expect(await usersOf(app)).toEqual([third.userId]);
  });

  it('closes the named accounts of a restored backup, refuses its sessions and proofs, and erases after the answer', async () => {
    const [gone, other] = backup.people;
    const old = backup.first.initDataOf(backup.demo, other.person);
    const stranger = backup.first.initDataOf(backup.demo, aPerson());
    await installation.eraseSince(gone);
    const rows = await installation.rows();
    const restored = await installation.start(await installation.copy());

    const ready = await restored.http.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.text).toContain('countersign ledger list');
    expect(await usersOf(restored)).toHaveLength(3);
    for (const extra of [{}, { cancelErasure: true }])
      expectProblem(await backup.launch(restored, gone, extra), 403, 'user.erasure_pending');
    for (const { accessToken, refreshToken } of [gone, other]) {
      expectProblem(await restored.getMe(accessToken), 401, 'session.ended');
      expectProblem(await restored.refresh(refreshToken), 401, 'session.ended');
      expect((await restored.check(accessToken)).status).toBe(401);
      const inspector = restored.nest.get(TokenInspector);
      expect([await inspector.inspect(accessToken), await inspector.inspect(refreshToken)]).toEqual([
        null,
        null,
      ]);
    }
    const { applicationId } = backup.demo;
    for (const initData of [old, stranger]) {
      expectProblem(await restored.postSignIn({ applicationId, initData }), 401, 'auth.proof_outdated');
      const perRequest = restored.http
        .get('/v1/me')
        .set({ authorization: `tma ${initData}`, 'x-countersign-application': applicationId });
      expectProblem(await perRequest, 401, 'auth.proof_outdated');
    }
    expect(await usersOf(restored)).toHaveLength(3);
    const back = await signInPerson(restored, backup.demo, other.person);
    expect(back.userId).toBe(other.userId);
    expectProblem(await back.delete(`/v1/me?confirm=${back.userId}`), 503, 'account.erasures_wait');
    await expect(installation.erase(restored, other)).rejects.toMatchObject({
      code: 'account.erasures_wait',
    });
    await expect(restored.nest.get(ErasureService).cancelFor(gone.userId, 'no')).rejects.toMatchObject({
      code: 'account.erasures_wait',
    });
    expect(await restored.nest.get(ErasureCompletion).run()).toBe(0);
    expect(await stateOf(restored)).toBe('disputed');
    expect(await installation.rows()).toEqual(rows);
    const ends = 'SELECT end_reason FROM sessions WHERE id = ANY($1) ORDER BY id';
    const sessions = [[gone.sessionId, other.sessionId].toSorted()];
    expect(await restored.database.query(ends, sessions)).toEqual([
      { end_reason: null },
      { end_reason: null },
    ]);

    // Another start changes nothing.
    const again = await installation.start(restored.database);
    expect(await isLive(again, back)).toBe(true);
    const command = installation.command(restored);
    const list = await command.json<List>('ledger list');
    expect(list).toMatchObject({
      state: 'disputed',
      erasures: [{ userId: gone.userId, account: 'present', forfeit: [] }],
    });
    expect(await command.failure(`ledger restored ${'0'.repeat(64)}`)).toContain('another list');
    expect(await command.failure(`ledger restored ${list.digest} --keep ${other.userId}`)).toContain(
      '--keep',
    );
    expect(await usersOf(restored)).toHaveLength(3);

    expect(await command.json(`ledger restored ${list.digest} --as anna`)).toEqual({ erased: 1, kept: [] });

    expect(await rowsThatHold(restored.database, [gone.userId])).toEqual([]);
    expect(await isLive(again, back)).toBe(true);
    expect(await isLive(again, other)).toBe(false);
    expect(await restored.database.query(ends, [[other.sessionId]])).toEqual([{ end_reason: 'revoked' }]);
    expectProblem(await restored.postSignIn({ applicationId, initData: old }), 401, 'auth.proof_outdated');
    expect(await actsOf(restored, 'installation.restored')).toEqual([
      { erasedAccounts: '1', keptAccounts: '0', endedSessions: '2' },
    ]);
    expect([await hintOf(again), await stateOf(again)]).toEqual([null, 'fine']);
    expect(await command.failure(`ledger restored ${list.digest}`)).toContain('nothing to answer');
    const next = await installation.start(restored.database);
    expect(await isLive(next, back)).toBe(true);
    await installation.erase(next, other);
    expect(await usersOf(next)).not.toContain(other.userId);
  });
});
