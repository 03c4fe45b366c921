import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountService, ErasureCompletion, ErasureService } from '@countersign/account';
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

const OPERATIONS = join(__dirname, '../../docs/operations.md');

/** The commands of a section of docs/operations.md, in their order. */
function commandsOf(heading: string): readonly string[] {
  const [, section = ''] = readFileSync(OPERATIONS, 'utf8').split(`### ${heading}\n`);
  const [own = ''] = section.split(/^##/m);
  return [...own.matchAll(/^countersign (.+)$/gm)].map(([, words = '']) => words);
}

describe('the ledger of erasures', () => {
  const backup = useFixture(() => Backup.make(), { close: (made) => made.drop() });
  const installation = useFixture(() => Installation.of(backup), { close: (made) => made.drop() });
  const folder = useFixture(() => ({ path: mkdtempSync(join(tmpdir(), 'countersign-ledger-')) }), {
    close: ({ path }) => rmSync(path, { recursive: true, force: true }),
  });
  /** Production, which has erased the first person, and whose ledger got rows of another hand. It has started again. */
  const production = useFixture(async () => {
    const [gone, other] = backup.people;
    const database = await installation.eraseSince(gone);
    for (const [userId, number] of [
      [other.userId, 4],
      [gone.userId, 2_147_483_647],
    ])
      await installation.ledger.query(
        `INSERT INTO countersign_erasures SELECT installation, $2, $3, kind, run, $1, "refersTo", "keyId", at, macs
         FROM countersign_erasures WHERE kind = 'erasure' LIMIT 1`,
        [userId, number, randomUUID()],
      );
    await installation.ledger.query(
      `UPDATE countersign_erasures SET macs = 'null' WHERE number = 2147483647`,
    );
    return installation.start(database);
  });

  it('has marks and erasures with MACs; an ordinary start erases nobody and ends no session', async () => {
    const [gone, other, third] = backup.people;

    expect((await production.http.get('/health/ready')).status).toBe(200);
    expect(await hintOf(production)).toBeNull();
    expect(await isLive(production, other)).toBe(true);
    expect(await usersOf(production)).toEqual([other.userId, third.userId].toSorted());
    expect(await rowsThatHold(production.database, [gone.userId])).toEqual([]);
    const { index } = JSON.parse(backup.first.keys) as KeyRingDocument;
    const rows = (await installation.rows()).filter(({ number }) => ![4, 2_147_483_647].includes(number));
    expect(rows.map(({ kind, number, userId }) => [kind, number, userId])).toEqual([
      ['mark', 1, null],
      ['mark', 2, null],
      ['erasure', 3, gone.userId],
      ['mark', 5, null],
    ]);
    for (const { macs } of rows) expect(Object.keys(macs)).toEqual([index[0]?.id]);
    expect(await actsOf(production, 'installation.restored')).toEqual([]);
  });

  it('reports a row that the role of the ledger inserted, copied or changed, which erases nobody', async () => {
    const [gone, other] = backup.people;

    expect(production.logLines.some((line) => line.includes('entries that do not verify'))).toBe(true);
    const list = await installation.command(production).json<List>('ledger list');
    expect(list).toMatchObject({ state: 'fine', erasures: [], missing: 0 });
    expect(list.unverified.map(({ userId }) => userId)).toEqual([other.userId, gone.userId]);
  });

  it('closes the named accounts of a restored backup, refuses its sessions and proofs, and erases after the answer', async () => {
    const [gone, other] = backup.people;
    const rows = await installation.rows();
    // The procedure of docs/operations.md is the answer to a real restore too.
    const [words = '', answer = '', ...others] = commandsOf('Rehearse a restore');
    expect(others).toEqual([]);
    const old = backup.first.initDataOf(backup.demo, other.person);
    const stranger = backup.first.initDataOf(backup.demo, aPerson());
    const ledger = await installation.copy(installation.ledger);
    const rowsOf = () => ledger.query('SELECT * FROM countersign_erasures ORDER BY number');
    const before = await rowsOf();
    const { directUrl: url } = ledger;
    const restored = await installation.start(await installation.copy(), { url });

    const ready = await restored.http.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.text).toContain('countersign ledger list');
    expect(await usersOf(restored)).toHaveLength(3);
    for (const extra of [{}, { cancelErasure: true }]) {
      const answer = await backup.launch(restored, gone, extra);
      expectProblem(answer, 403, 'user.erasure_pending');
      expect(answer.text).not.toContain('cancelErasure');
    }
    for (const { accessToken, refreshToken } of [gone, other]) {
      expectProblem(await restored.getMe(accessToken), 401, 'session.method_off');
      expectProblem(await restored.refresh(refreshToken), 401, 'session.method_off');
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
    // A session that is refused is neither listed nor evicted.
    const own = (await back.get('/v1/me/sessions')).body as { items: readonly { sessionId: string }[] };
    expect(own.items.map(({ sessionId }) => sessionId)).toEqual([back.sessionId]);
    expectProblem(await back.delete(`/v1/me?confirm=${back.userId}`), 503, 'account.erasures_wait');
    const erasures = restored.nest.get(ErasureService);
    for (const attempt of [
      installation.erase(restored, other),
      erasures.cancelFor(gone.userId, 'no'),
      restored.nest.get(AccountService).setStatus(gone.userId, 'active'),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'account.erasures_wait' });
    expect(await restored.nest.get(ErasureCompletion).run()).toBe(0);
    expect(await stateOf(restored)).toBe('disputed');
    expect(await rowsOf()).toEqual(before);
    const ends = 'SELECT end_reason FROM sessions WHERE id = ANY($1) ORDER BY id';
    const sessions = [[gone.sessionId, other.sessionId].toSorted()];
    expect(await restored.database.query(ends, sessions)).toEqual([
      { end_reason: null },
      { end_reason: null },
    ]);

    // Another start changes nothing.
    const again = await installation.start(restored.database, { url });
    expect(await isLive(again, back)).toBe(true);
    const command = installation.command(restored, url);
    const list = await command.json<List>(words);
    expect(list).toMatchObject({
      state: 'disputed',
      erasures: [{ userId: gone.userId, account: 'present', forfeit: [] }],
    });
    const words2 = answer.replace('<digest>', list.digest);
    expect(await command.failure(answer.replace('<digest>', '0'.repeat(64)))).toContain('another list');
    expect(await command.failure(`${words2} --keep ${other.userId}`)).toContain('--keep');
    expect(await usersOf(restored)).toHaveLength(3);

    expect(await command.json(`${words2} --as anna`)).toEqual({ erased: 1, kept: [] });

    expect(await rowsThatHold(restored.database, [gone.userId])).toEqual([]);
    expect(await isLive(again, back)).toBe(true);
    expect(await isLive(again, other)).toBe(false);
    expect(await restored.database.query(ends, [[other.sessionId]])).toEqual([{ end_reason: 'revoked' }]);
    expectProblem(await restored.postSignIn({ applicationId, initData: old }), 401, 'auth.proof_outdated');
    expect(await actsOf(restored, 'installation.restored')).toEqual([
      { erasedAccounts: '1', keptAccounts: '0', endedSessions: '2' },
    ]);
    expect([await hintOf(again), await stateOf(again)]).toEqual([null, 'fine']);
    expect(await command.failure(words2)).toContain('nothing to answer');
    await installation.erase(again, other);
    expect(await usersOf(again)).not.toContain(other.userId);
    expect(await installation.rows()).toEqual(rows);
    await ledger.query('DELETE FROM countersign_erasures WHERE number = 2');
    expect(await command.json<List>(words)).toMatchObject({ state: 'fine', missing: 1 });
  });

  it('makes a copy an installation of its own by the procedure, which does nothing to production', async () => {
    const [gone, , third] = backup.people;
    const url = `file://${folder.path}/erasures`;
    const [migrate = '', words = '', foreign = '', ...others] = commandsOf('A copy of production');
    expect(others).toEqual([]);
    const [users, entries] = [await usersOf(production), await installation.rows()];
    const database = await installation.copy();
    const command = installation.command({ database, keys: backup.first.keys }, url);

    expect((await command.run(migrate)).output).toContain('ledger');
    const copy = await installation.start(database, { url });
    expect((await copy.http.get('/health/ready').expect(200)).text).toContain('the ledger lacks entries');
    await signInPerson(copy, backup.demo, gone.person);
    await expect(installation.erase(copy, gone)).rejects.toMatchObject({ code: 'account.erasures_wait' });
    const digest = /[0-9a-f]{64}/.exec((await command.run(words)).output)?.[0] ?? '';
    expect((await command.run(foreign.replace('<digest>', digest))).exitCode).toBe(0);

    expect(await hintOf(copy)).toBeNull();
    await installation.erase(copy, third);
    expect(await usersOf(copy)).not.toContain(third.userId);
    expect(await stateOf(production)).toBe('fine');
    expect(await usersOf(production)).toEqual(users);
    expect((await installation.rows()).filter(({ number }) => number !== 6)).toEqual(entries);
    expect(await isLive(production, third)).toBe(true);
  });
});
