import { Client } from 'pg';
import { Database } from '@countersign/database';
import { WalletKeys } from '@countersign/linked-wallets';
import { countBy, times } from '../factories';
import { settleAttachments } from '../support/accounts';
import { aSteppedUp, linkWallet, sendLink, walletSession, walletsOf } from '../support/linked-wallets';
import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';

describe('wallets under parallel calls', () => {
  const app = useTestApp({ environment: { DATABASE_POOL_SIZE: '10' } });
  const demo = useApplication(app, { origins: [SITE] });
  const founding = useApplication(app, { origins: [SITE], settings: { wallets: { createsAccounts: true } } });

  it('have exactly one primary wallet, however links, choices and deletions meet', async () => {
    const session = await aSteppedUp(app, demo);
    const first = await linkWallet(session, anEvmWallet());
    const others = [];
    for (const wallet of times(3, () => anEvmWallet())) others.push(await linkWallet(session, wallet));
    await settleAttachments(app);
    const proofs = await Promise.all(times(4, async () => walletProof(session, anEvmWallet(), 'link')));

    const answers = await Promise.all([
      ...proofs.map((proof) => session.post('/v1/wallets/links', { ...proof, canSignIn: true })),
      ...others.map(({ walletId }) => session.patch(`/v1/wallets/${walletId}`, { isPrimary: true })),
      ...[first, ...others].map(({ walletId }) => session.delete(`/v1/wallets/${walletId}`)),
    ]);

    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(countBy(answers.slice(0, 4), ({ status }) => String(status))).toEqual({ 201: 4 });
    const left = await walletsOf(session);
    expect(left).toHaveLength(4);
    expect(left.filter(({ isPrimary }) => isPrimary)).toHaveLength(1);
  });

  it('are linked once, whatever of two people sends them how often', async () => {
    const wallet = anEvmWallet();
    const people = [await aSteppedUp(app, demo), await aSteppedUp(app, demo)];
    const proofs = await Promise.all(
      times(20, async (index) => {
        const session = people[index % 2];
        if (!session) throw new Error('no such person');
        return { session, proof: await walletProof(session, wallet, 'link') };
      }),
    );

    const answers = await Promise.all(
      proofs.map(({ session, proof }) => session.post('/v1/wallets/links', { ...proof, canSignIn: true })),
    );

    expect(countBy(answers, ({ status }) => String(status))).toEqual({ 201: 1, 200: 9, 409: 10 });
    const rows = await app.database.query('SELECT 1 FROM wallets WHERE user_id = ANY($1::uuid[])', [
      people.map(({ userId }) => userId),
    ]);
    expect(rows).toHaveLength(1);
  });

  it('found one account, however many sign-ins by one wallet meet', async () => {
    const wallet = anEvmWallet();

    const sessions = await Promise.all(times(8, () => walletSession(app, founding, wallet)));

    expect(new Set(sessions.map(({ userId }) => userId)).size).toBe(1);
    const [session] = sessions;
    expect(session && (await walletsOf(session))).toMatchObject([{ isPrimary: true }]);
  });

  it('move with a merge or go by a deletion, and never stay behind', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [survivor, wallet] = [await aSteppedUp(app, demo), anEvmWallet()];
      const other = await walletSession(app, founding, wallet);
      await other.stepUp();
      const second = await linkWallet(other, anEvmWallet());
      const proof = await walletProof(survivor, wallet, 'merge');
      await settleAttachments(app);

      const [merged, deleted] = await Promise.all([
        survivor.post('/v1/me/merges', proof),
        other.delete(`/v1/wallets/${second.walletId}`),
        sendLink(other, anEvmWallet()),
      ]);

      expect(merged.status).toBe(200);
      expect([204, 401, 404]).toContain(deleted.status);
      const left = await walletsOf(survivor);
      expect(left.filter(({ isPrimary }) => isPrimary)).toHaveLength(1);
      const [row] = await app.database.query<{ astray: number }>(
        `SELECT count(*)::int AS astray FROM wallets w JOIN identities i ON i.id = w.identity_id
         WHERE i.user_id <> w.user_id`,
      );
      expect(row?.astray).toBe(0);
    }
  });

  it('stay until what is written about them is stored, and take no more once they are gone', async () => {
    const session = await aSteppedUp(app, demo);
    const { walletId } = await linkWallet(session, anEvmWallet());
    await settleAttachments(app);
    const [database, keys] = [app.nest.get(Database), app.nest.get(WalletKeys)];
    let isWritten = false;

    const deletion = await database.transaction(async (tx) => {
      expect((await keys.open(tx, [walletId])).size).toBe(1);
      const started = session.delete(`/v1/wallets/${walletId}`).then((answer) => {
        expect(isWritten).toBe(true);
        return answer;
      });
      await until(() => app.isWaitingFor('FROM wallets WHERE user_id'));
      isWritten = true;
      return { started };
    });

    expect((await deletion.started).status).toBe(204);
    expect(await database.transaction((tx) => keys.open(tx, [walletId]))).toEqual(new Map());
  });

  it('are opened under the key of their owner, also by one who waited for a merge', async () => {
    const [survivor, wallet] = [await aSteppedUp(app, demo), anEvmWallet()];
    const other = await walletSession(app, founding, wallet);
    const [founder] = await walletsOf(other);
    const walletId = founder?.walletId ?? '';
    const client = new Client({ connectionString: app.database.url });
    await client.connect();
    try {
      // Stands for what is in the middle of a merge.
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM wallets WHERE id = $1 FOR UPDATE', [walletId]);
      const proof = await walletProof(survivor, wallet, 'merge');
      const merging = survivor.post('/v1/me/merges', proof).then((answer) => answer);
      await until(() => app.isWaitingFor('FROM wallets WHERE user_id'));
      const database = app.nest.get(Database);
      const opening = database.transaction((tx) => app.nest.get(WalletKeys).open(tx, [walletId]));
      await until(() => app.isWaitingFor('FROM wallets WHERE id'));
      await client.query('COMMIT');

      expect((await merging).status).toBe(200);
      const opened = await opening;
      expect([survivor.userId, other.userId]).toContain(opened.get(walletId)?.userId);
    } finally {
      await client.end();
    }
  });
});
