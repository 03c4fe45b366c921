import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ErasureCompletion, LedgerAnswers, LedgerComparison } from '@countersign/account';
import { extendKeyRing, type KeyRingDocument } from '@countersign/crypto';
import { Rewrapping } from '@countersign/keys';
import { ErasureLedger, LedgerAwayError } from '@countersign/ledger';
import { SessionEndingsInSteps, SessionsService } from '@countersign/sessions';
import { Installation as InstallationSettings } from '@countersign/users';
import { mergeAccounts } from '../support/accounts';
import {
  actsOf,
  AWAY,
  Backup,
  hintOf,
  Installation,
  type List,
  stateOf,
  usersOf,
} from '../support/erasure-ledgers';
import { expectProblem } from '../support/expect-problem';
import { isLive, signInPerson, type PersonSession } from '../support/person-session';
import { Countersign } from '../support/run-countersign';
import { separate } from '../support/separations';
import { useFixture } from '../support/use-fixture';

describe('the ledger of erasures in its rare cases', () => {
  const backup = useFixture(() => Backup.make(), { close: (made) => made.drop() });
  const installation = useFixture(() => Installation.of(backup), {
    per: 'test',
    close: (made) => made.drop(),
  });
  afterEach(() => jest.restoreAllMocks());

  it('does not serve before the ledger is compared', async () => {
    const without = await installation.start(await installation.copy(), { url: AWAY });

    const answer = await without.http.get('/health/ready');

    expect(answer.status).toBe(503);
    expect(answer.text).toContain('are not compared with their ledger yet');
    await expect(without.nest.get(LedgerComparison).start()).rejects.toThrow(LedgerAwayError);
  });

  it.each(['entry', 'number'])(
    'knows a mark of a process that was killed before its %s was written',
    async (step) => {
      const database = await installation.copy();
      const app = await installation.start(database);
      const ledger = app.nest.get(ErasureLedger);
      const settings = app.nest.get(InstallationSettings);
      if (step === 'entry') jest.spyOn(ledger, 'append').mockRejectedValueOnce(new Error('killed'));
      else jest.spyOn(settings, 'noteLedger').mockRejectedValueOnce(new Error('killed'));
      await expect(stateOf(app)).rejects.toThrow('killed');
      const before = await installation.rows();

      const again = await installation.start(database);

      expect(await hintOf(again)).toBeNull();
      expect(await installation.rows()).toHaveLength(before.length + (step === 'entry' ? 1 : 0));
    },
  );

  it.each([['append'], ['destroy']])(
    'completes an erasure of a process that was killed at %s',
    async (step) => {
      const [gone, other] = backup.people;
      const database = await installation.copy();
      const app = await installation.start(database);
      if (step === 'append')
        jest
          .spyOn(app.nest.get(ErasureLedger), 'append')
          .mockRejectedValueOnce(new LedgerAwayError('killed'));
      else
        jest
          .spyOn(app.nest.get(ErasureCompletion), 'destroy')
          .mockRejectedValueOnce(new LedgerAwayError('killed'));
      await installation.erase(app, gone);
      expect(await usersOf(app)).toContain(gone.userId);
      expectProblem(await backup.launch(app, gone), 403, 'user.erasure_pending');

      const again = await installation.start(database);

      expect(await hintOf(again)).toBeNull();
      expect(await usersOf(again)).toContain(gone.userId);
      expect(await again.nest.get(ErasureCompletion).run()).toBe(1);
      expect(await usersOf(again)).not.toContain(gone.userId);
      expect(await isLive(again, other)).toBe(true);
      expect(await stateOf(app)).toBe('fine');
    },
  );

  it('has no unknown entry while two replicas erase and move the mark at once', async () => {
    const database = await installation.copy();
    const [app, other] = [await installation.start(database), await installation.start(database)];
    const [first, second, third] = backup.people;

    const states = await Promise.all([
      installation.erase(app, first),
      ...[stateOf(app), stateOf(other), stateOf(app)],
      installation.erase(other, second),
      stateOf(other),
    ]);

    expect(states.filter(Boolean)).toEqual(['fine', 'fine', 'fine', 'fine']);
    await app.nest.get(ErasureCompletion).run();
    expect(await usersOf(app)).toEqual([third.userId]);
    expect(await stateOf(app)).toBe('fine');
  });

  it('opens kept accounts again, and no later restore erases them', async () => {
    const [gone, kept] = backup.people;
    await installation.eraseSince(gone, kept);
    const restored = await installation.start(await installation.copy());
    const answers = restored.nest.get(LedgerAnswers);
    const list = await answers.list();
    // Killed in the middle.
    jest
      .spyOn(restored.nest.get(SessionEndingsInSteps), 'endOpenedBefore')
      .mockRejectedValueOnce(new Error('killed'));
    await expect(answers.restored(list.digest, [kept.userId])).rejects.toThrow('killed');
    const again = await answers.list();
    expect(again.erasures).toMatchObject([{ account: 'gone' }, { account: 'disowned' }]);

    await installation.command(restored).json(`ledger restored ${again.digest} --keep ${kept.userId}`);

    expect(await usersOf(restored)).not.toContain(gone.userId);
    expect((await backup.launch(restored, kept)).status).toBe(200);
    await installation.stop(restored);
    const later = await installation.start(await installation.copy());
    expectProblem(await backup.launch(later, gone), 403, 'user.erasure_pending');
    expect((await backup.launch(later, kept)).status).toBe(200);
    expect((await later.nest.get(LedgerAnswers).list()).erasures).toMatchObject([
      { userId: gone.userId, account: 'present' },
      { userId: kept.userId, account: 'disowned' },
    ]);
  });

  it('gives a copy an id of its own: its sessions work again, and production is not changed', async () => {
    const [gone, other] = backup.people;
    const production = await installation.eraseSince(gone);
    const copy = await installation.start(await installation.copy());
    expect(await isLive(copy, other)).toBe(false);
    const command = installation.command(copy);
    const { digest } = await command.json<List>('ledger list');

    await command.json(`ledger foreign ${digest}`);

    expect((await backup.launch(copy, gone)).status).toBe(200);
    copy.clock.advance(1);
    expect(await isLive(copy, other)).toBe(true);
    expect([await hintOf(copy), await stateOf(copy)]).toEqual([null, 'fine']);
    expect(await actsOf(copy, 'installation.separated')).toEqual([{ disownedErasures: '1' }]);
    await installation.erase(copy, backup.people[2]);
    const original = await installation.start(production);
    expect([await hintOf(original), await isLive(original, other)]).toEqual([null, true]);
    const restored = await installation.start(await installation.copy());
    expect((await restored.nest.get(LedgerAnswers).list()).erasures[0]).toMatchObject({
      userId: gone.userId,
    });
  });

  it('serves people and refuses erasures where the ledger has lost entries', async () => {
    const [, other] = backup.people;
    await installation.ledger.query('DELETE FROM countersign_erasures');

    const app = await installation.start(await installation.copy());

    expect((await app.http.get('/health/ready')).text).toContain('the ledger lacks entries');
    expect(await isLive(app, other)).toBe(true);
    await expect(installation.erase(app, other)).rejects.toMatchObject({ code: 'account.erasures_wait' });
    expect(await installation.rows()).toEqual([]);
    const command = installation.command(app);
    const { state, digest } = await command.json<List>('ledger list');
    expect(state).toBe('behind');
    await command.json(`ledger foreign ${digest}`);
    expect(await hintOf(app)).toBeNull();
    await installation.erase(app, other);
    expect(await usersOf(app)).not.toContain(other.userId);
  });

  it('refuses no session where a running replica finds the mark of a copy, and writes nothing', async () => {
    const [, other] = backup.people;
    const app = await installation.start(await installation.copy());
    await installation.append(backup.first.keys, { kind: 'mark' });
    const rows = await installation.rows();

    expect(await stateOf(app)).toBe('disputed');

    expect((await app.http.get('/health/ready')).text).toContain('countersign ledger list');
    expect(await isLive(app, other)).toBe(true);
    await expect(installation.erase(app, other)).rejects.toMatchObject({ code: 'account.erasures_wait' });
    expect(await installation.rows()).toEqual(rows);
    const next = await installation.start(app.database);
    expect(await isLive(next, other)).toBe(false);
  });

  it('erases a person of an old backup after a rotation, and counts no MAC of the retired key', async () => {
    jest.replaceProperty(Rewrapping, 'graceMs', 0);
    const [gone, other] = backup.people;
    const database = await installation.eraseSince(gone);
    const old = JSON.parse(backup.first.keys) as KeyRingDocument;
    const { index } = extendKeyRing(old, 'index').document;
    const keys = JSON.stringify({ ...old, index: index.toReversed() });
    const rotated = await installation.start(database, { keys });
    await rotated.nest.get(Rewrapping).run();
    await installation.stop(rotated);
    const rows = await installation.rows();
    expect(rows.filter(({ macs }) => Object.keys(macs).length === 2).length).toBeGreaterThan(2);
    expect(rows.at(-1)?.kind).toBe('retired');
    await installation.append(backup.first.keys, { kind: 'erasure', userId: other.userId });
    const after = await installation.start(database, { keys });
    expect([await hintOf(after), await isLive(after, other)]).toEqual([null, true]);

    const restored = await installation.start(await installation.copy(), { keys });
    const answers = restored.nest.get(LedgerAnswers);
    const list = await answers.list();
    expect(list.erasures).toMatchObject([{ userId: gone.userId }]);
    expect(list.unverified).toMatchObject([{ userId: other.userId }]);
    expect(await answers.restored(list.digest, [])).toBe(1);
    expect(await usersOf(restored)).not.toContain(gone.userId);
    await expect(installation.start(await installation.copy())).rejects.toThrow(
      'is retired in the ledger of erasures',
    );
  });

  it('erases the person who asked, and not the account that theirs was merged into', async () => {
    const [survivor, loser] = backup.people;
    const app = await installation.start(await installation.copy());
    const signIn = ({ person }: PersonSession) => signInPerson(app, backup.demo, person);
    await mergeAccounts(app, backup.demo, await signIn(survivor), await signIn(loser));
    await installation.stop(app);
    const merged = await installation.copy(app.database);
    const production = await installation.start(app.database);
    await separate(production, backup.demo, loser.person);
    await installation.erase(production, loser);
    expect(await usersOf(production)).toContain(survivor.userId);
    await installation.stop(production);

    const restored = await installation.start(merged);
    const command = installation.command(restored);
    const list = await command.json<List>('ledger list');
    expect(list.erasures).toMatchObject([{ userId: loser.userId, account: 'merged' }]);
    expect((await backup.launch(restored, survivor)).status).toBe(200);
    expect(await command.json(`ledger restored ${list.digest}`)).toMatchObject({ erased: 0 });

    expect(await usersOf(restored)).toContain(survivor.userId);
    expect((await backup.launch(restored, survivor)).body).toMatchObject({ userId: survivor.userId });
  });

  it('refuses an erasure during the question also while the ledger is away: a cancellation would open the account', async () => {
    const [gone] = backup.people;
    await installation.eraseSince(gone);
    const restored = await installation.start(await installation.copy());
    jest.spyOn(restored.nest.get(ErasureLedger), 'read').mockRejectedValue(new LedgerAwayError('away'));

    await expect(installation.erase(restored, gone)).rejects.toMatchObject({ code: 'account.erasures_wait' });

    const closed = await restored.database.query('SELECT is_disputed, started_at FROM user_erasures');
    expect(closed).toEqual([{ is_disputed: true, started_at: null }]);
  });

  it('takes no answer to a list that has changed, nor after the answer of another operator', async () => {
    const [gone, other, third] = backup.people;
    await installation.eraseSince(gone);
    const restored = await installation.start(await installation.copy());
    const answers = restored.nest.get(LedgerAnswers);
    const first = await answers.list();
    await installation.append(backup.first.keys, { kind: 'erasure', userId: other.userId });
    await expect(answers.restored(first.digest, [])).rejects.toThrow(LedgerAwayError);

    const list = await answers.list();
    const completion = restored.nest.get(ErasureCompletion);
    const destroy = completion.destroy.bind(completion);
    jest.spyOn(completion, 'destroy').mockImplementationOnce(async (userId, number) => {
      await answers.foreign(list.digest);
      return destroy(userId, number);
    });
    await expect(answers.restored(list.digest, [])).rejects.toThrow(LedgerAwayError);

    expect(await usersOf(restored)).toEqual([gone.userId, other.userId, third.userId].toSorted());
    expect([await hintOf(restored), await stateOf(restored)]).toEqual([null, 'fine']);
    await expect(answers.foreign(list.digest)).rejects.toThrow(LedgerAwayError);
  });

  it('obeys the later one of two answers, which keeps an account that the earlier one erases', async () => {
    const [gone] = backup.people;
    await installation.eraseSince(gone);
    const restored = await installation.start(await installation.copy());
    const [answers, completion] = [restored.nest.get(LedgerAnswers), restored.nest.get(ErasureCompletion)];
    const destroy = completion.destroy.bind(completion);
    jest.spyOn(completion, 'destroy').mockImplementationOnce(async (userId, because) => {
      await answers.restored((await answers.list()).digest, [gone.userId]);
      return destroy(userId, because);
    });

    await expect(answers.restored((await answers.list()).digest, [])).rejects.toThrow(LedgerAwayError);

    expect(await usersOf(restored)).toContain(gone.userId);
    expect((await backup.launch(restored, gone)).status).toBe(200);
    expect(await stateOf(restored)).toBe('fine');
  });

  it('closes the named accounts at the next start where a start was killed before it had closed them', async () => {
    const [gone, other] = backup.people;
    await installation.eraseSince(gone, other);
    const database = await installation.copy();
    jest.spyOn(SessionsService.prototype, 'readAllAgain').mockRejectedValueOnce(new Error('killed'));
    await expect(installation.start(database)).rejects.toThrow('killed');
    expect(await database.query('SELECT disputed_since FROM installation')).toEqual([
      { disputed_since: null },
    ]);

    const restored = await installation.start(database);

    for (const person of [gone, other])
      expectProblem(await backup.launch(restored, person), 403, 'user.erasure_pending');
  });

  it('erases a person again whose number an answer of another id has disowned', async () => {
    const [gone, other] = backup.people;
    const production = await installation.start(await installation.copy());
    await stateOf(production);
    await installation.erase(production, gone);
    const app = await installation.start(await installation.copy());
    const answers = app.nest.get(LedgerAnswers);
    await answers.foreign((await answers.list()).digest);
    await installation.stop(app);
    const copied = await installation.copy(app.database);
    await installation.erase(await installation.start(app.database), other);

    const restored = await installation.start(copied);

    expect((await restored.nest.get(LedgerAnswers).list()).erasures).toMatchObject([
      { userId: other.userId, account: 'present', number: 4 },
      { userId: gone.userId, account: 'under-another-id', number: 4 },
    ]);
  });

  it('lists what was erased under an id that a backup does not know yet', async () => {
    const [gone, other] = backup.people;
    await installation.eraseSince(gone);
    const production = await installation.start(await installation.copy());
    const answers = production.nest.get(LedgerAnswers);
    await answers.foreign((await answers.list()).digest);
    await installation.erase(production, other);
    await installation.stop(production);

    const restored = await installation.start(await installation.copy());

    const list = await restored.nest.get(LedgerAnswers).list();
    expect(list.erasures).toMatchObject([
      { userId: gone.userId, account: 'present' },
      { userId: other.userId, account: 'under-another-id' },
    ]);
  });

  it('is asked once where two replicas start at the same moment', async () => {
    const [gone, other] = backup.people;
    await installation.eraseSince(gone);
    const database = await installation.copy();

    const replicas = await Promise.all([installation.start(database), installation.start(database)]);

    for (const replica of replicas) {
      expectProblem(await backup.launch(replica, gone), 403, 'user.erasure_pending');
      expect(await isLive(replica, other)).toBe(false);
      expect((await backup.launch(replica, other)).status).toBe(200);
    }
    const closed = await database.query('SELECT is_disputed, started_at FROM user_erasures');
    expect(closed).toEqual([{ is_disputed: true, started_at: null }]);
  });

  it('says in a sentence that its database does not exist, and that there is no ledger', async () => {
    const database = await installation.copy();
    const { keys } = backup.first;
    const url = new URL(installation.ledger.directUrl);
    url.pathname = '/no_such_ledger';

    const elsewhere = installation.command({ database, keys }, url.href);
    expect(await elsewhere.failure('ledger list')).toBe(
      'The ledger of erasures (ERASURE_LEDGER) has no database yet: create it, and run `countersign migrate`.',
    );
    const without = new Countersign({ database, keys });
    for (const words of ['ledger list', `ledger restored ${'0'.repeat(64)}`])
      expect(await without.failure(words)).toBe('ERASURE_LEDGER is not set: there is no ledger of erasures.');
  });

  it('takes no answer to a list without the accounts that the erasure takes too', async () => {
    const [survivor, loser] = backup.people;
    const app = await installation.start(await installation.copy());
    const signIn = ({ person }: PersonSession) => signInPerson(app, backup.demo, person);
    await mergeAccounts(app, backup.demo, await signIn(survivor), await signIn(loser));
    await installation.stop(app);
    const merged = await installation.copy(app.database);
    const production = await installation.start(app.database);
    await separate(production, backup.demo, loser.person);
    await installation.erase(production, survivor);
    await installation.stop(production);
    const [whole, apart] = [
      await installation.start(merged),
      await installation.start(await installation.copy()),
    ];
    const answers = whole.nest.get(LedgerAnswers);

    const { digest } = await apart.nest.get(LedgerAnswers).list();
    const list = await answers.list();
    expect(list.erasures).toMatchObject([{ userId: survivor.userId, mergedIntoIt: [loser.userId] }]);
    expect(list.digest).not.toBe(digest);
    await expect(answers.restored(digest, [])).rejects.toThrow('another list');
    expect(await usersOf(whole)).toContain(survivor.userId);
    expect(await answers.restored(list.digest, [])).toBe(1);
    expect(await usersOf(whole)).toEqual([backup.people[2].userId]);
  });

  it('as a file, erases the person of a restored backup, also after a rotation of the ring', async () => {
    jest.replaceProperty(Rewrapping, 'graceMs', 0);
    const [gone, other] = backup.people;
    const folder = mkdtempSync(join(tmpdir(), 'countersign-ledger-'));
    const url = `file://${folder}/erasures`;
    const first = await installation.copy();
    const made = installation.command({ database: first, keys: backup.first.keys }, url);
    expect((await made.run('migrate')).output).toContain('ledger');
    const app = await installation.start(first, { url });
    await made.json(`ledger foreign ${(await made.json<List>('ledger list')).digest}`);
    await installation.stop(app);
    const [copy, older] = [await installation.copy(first), await installation.copy(first)];
    const production = await installation.start(first, { url });
    await installation.erase(production, gone);
    await installation.stop(production);

    const old = JSON.parse(backup.first.keys) as KeyRingDocument;
    const { index } = extendKeyRing(old, 'index').document;
    const keys = JSON.stringify({ ...old, index: index.toReversed() });
    const rotated = await installation.start(first, { url, keys });
    await rotated.nest.get(Rewrapping).run();
    await installation.stop(rotated);
    const restored = await installation.start(copy, { url, keys });
    expectProblem(await backup.launch(restored, gone), 403, 'user.erasure_pending');
    expect(await isLive(restored, other)).toBe(false);
    const command = installation.command({ database: copy, keys }, url);
    const { digest } = await command.json<List>('ledger list');
    expect(await command.json(`ledger restored ${digest}`)).toEqual({ erased: 1, kept: [] });

    expect(await usersOf(restored)).not.toContain(gone.userId);
    expect((await backup.launch(restored, other)).status).toBe(200);
    expect([await hintOf(restored), await stateOf(restored)]).toEqual([null, 'fine']);
    await expect(installation.start(older, { url })).rejects.toThrow('is retired in the ledger of erasures');
    rmSync(folder, { recursive: true });
  });
});
