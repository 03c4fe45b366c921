import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { extendKeyRing, generateKeyRing } from '@countersign/crypto';
import { findInMemory } from '@countersign/wallet-keys/testing';
import { anAct, outcomeOf, TestCustody } from '../support/custody';
import { TcpProxy } from '../support/tcp-proxy';
import { testServer } from '../support/test-server';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { inMemory } from '../support/wallet-canaries';

const custody = useFixture(() => TestCustody.start(), { close: (running) => running.close() });

describe('a database that does not answer', () => {
  const proxy = useFixture(() => TcpProxy.start(testServer().url), { close: (one) => one.cut() });
  const behind = useFixture(() => TestCustody.prepare(), { close: (one) => one.close() });

  it('ends each call in time', async () => {
    await behind.run(proxy.url);
    const walletId = randomUUID();
    await behind.client.create(anAct(walletId), 'production');
    proxy.blackHole();

    const calls = Array.from({ length: 4 }, () => behind.signText(anAct(walletId)));
    expect(await Promise.all(calls.map(outcomeOf))).toEqual(
      Array.from({ length: 4 }, () => 'wallet.custody_unavailable'),
    );
    await proxy.restore();

    await until(async () => (await outcomeOf(behind.signText(anAct(walletId)))) === 'done');
    expect((await behind.client.health()).journal.sequence).toBe(3);
  });

  it('holds a lock: the act is not done, and the next ones are', async () => {
    const walletId = await custody.aWallet();
    const { journal } = await custody.client.health();

    await custody.asSuperuser(async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT FROM custody.journal_head FOR UPDATE');
      const act = custody.signText(anAct(walletId));
      expect(await outcomeOf(act)).toBe('wallet.custody_unavailable');
      await client.query('ROLLBACK');
    });

    expect((await custody.client.health()).journal).toEqual(journal);
    await custody.signText(anAct(walletId));
  });
});

describe('the key ring', () => {
  const first = generateKeyRing();

  it('leaves nothing of the wallets that it is sealed for in memory', async () => {
    const { document } = extendKeyRing(first, 'sealing');
    const next = { ...document, sealing: document.sealing.toReversed() };
    const sealing = await TestCustody.start(document);
    try {
      const walletId = randomUUID();
      await sealing.client.create(anAct(walletId), 'production');
      const words = await sealing.page.wordsOf(walletId);
      await sealing.kill();
      await sealing.run();

      sealing.writeKeyRing(next);
      sealing.signal('SIGHUP');
      await until(() => sealing.output.split('wallets sealed under the active key').length === 3);
      await sleep(1_000);

      if (process.platform === 'linux') expect(findInMemory(inMemory(words), sealing.pid)).toEqual([]);
    } finally {
      await sealing.close();
    }
  });

  it('is the one that was written last, however fast the signals', async () => {
    const { document, id } = extendKeyRing(first, 'sealing');
    const next = { ...document, sealing: document.sealing.toReversed() };
    const restarted = await TestCustody.start(document);
    try {
      for (const ring of [next, document, next, document, next]) {
        restarted.writeKeyRing(ring);
        restarted.signal('SIGHUP');
        await sleep(2);
      }
      await until(async () => {
        const walletId = randomUUID();
        await restarted.client.create(anAct(walletId), 'production');
        const { rows } = await restarted.asSuperuser((client) =>
          client.query<{ key_id: string }>('SELECT key_id FROM custody.wallets WHERE id = $1', [walletId]),
        );
        return rows[0]?.key_id === id;
      });
      await until(async () => (await restarted.client.health()).toRewrap === 0);
      expect(restarted.output).not.toContain('key ring refused');
    } finally {
      await restarted.close();
    }
  });
});
