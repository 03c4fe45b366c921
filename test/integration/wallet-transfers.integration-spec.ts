import { WalletTransfers } from '@countersign/evm-indexer';
import { anvilAccount, describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { useFakeIndexer } from '../support/fake-indexer';
import { useFakeNode } from '../support/fake-node';
import { ANVIL_CHAIN, aWalletOwner, chainsOf, type WalletOwner } from '../support/followed-wallets';
import type { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';
import {
  addEndpoint,
  ALLOW_RECEIVERS,
  readAllEvents,
  startDeliveries,
  useReceiver,
} from '../support/webhooks';

const ether = 10n ** 18n;

describeWithAnvil('transfers of wallets that an application follows', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '1'] });
  const [first, second] = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const indexer = useFakeIndexer(anvil);
  const app = useTestApp(() => ({
    environment: {
      ...ALLOW_RECEIVERS,
      CHAINS: chainsOf([first.url, second.url], {
        mayNameAddresses: true,
        indexer: { url: indexer.url, shape: 'blockscout', requestsPerSecond: 1_000 },
      }),
    },
  }));
  const demo = useApplication(app, { origins: [SITE], settings: { wallets: { transfers: true } } });
  const replica = useReplica(app);
  const receiver = useReceiver();
  let token: Deployed;
  let now: number;

  beforeAll(async () => {
    token = await anvil.deploy('TestErc20', ['Token', 'TKN', 6]);
    startDeliveries(app);
  });
  beforeEach(async () => {
    await app.database.query('DELETE FROM webhook_endpoints');
    await app.database.query('DELETE FROM event_subscriptions');
    await addEndpoint(app, receiver.url, {
      types: ['wallet.transferred'],
      applicationIds: [demo.applicationId],
    });
    await replica.catchUp();
  });

  /** Blocks of a chain have the time of the service. */
  async function aFollowed(): Promise<WalletOwner> {
    const owner = await aWalletOwner(app, demo);
    now = Math.max(Math.ceil(app.clock.now().getTime() / 1_000), (await newest()) + 1);
    await round();
    return owner;
  }
  async function newest(): Promise<number> {
    return Number((await anvil.client.getBlock()).timestamp);
  }
  async function paid(owner: WalletOwner, amount: bigint): Promise<void> {
    await anvil.client.setNextBlockTimestamp({ timestamp: BigInt(Math.max(now, (await newest()) + 1)) });
    await anvil.pay(owner.address, amount);
  }
  async function round(...apps: readonly TestApp[]): Promise<void> {
    app.clock.advance(60);
    await Promise.all(
      (apps.length > 0 ? apps : [app]).map((each) => each.nest.get(WalletTransfers, { strict: false }).run()),
    );
  }
  const reported = async (owner: WalletOwner) => {
    await readAllEvents(app);
    const open = () => app.database.query(`SELECT 1 FROM webhook_deliveries WHERE state = 'pending' LIMIT 1`);
    await until(async () => (await open()).length === 0);
    return receiver.received
      .toSorted((one, other) => one.sequence - other.sequence)
      .map(({ data }) => data)
      .filter(({ walletId }) => walletId === owner.walletId);
  };

  it('reach a webhook once each, coins and tokens, while two replicas read', async () => {
    const owner = await aFollowed();
    await paid(owner, 3n * ether);
    await anvil.write(token, 'mint', [owner.address, 500n]);
    await anvil.write(token, 'transfer', [anvilAccount(1).address, 100n], { from: owner.account });
    await anvil.mine(4);
    await round(app, replica, app);
    await round(app, replica);

    const payments = await reported(owner);

    const of = { userId: owner.session.userId, walletId: owner.walletId, chainId: ANVIL_CHAIN };
    const contract = token.address.toLowerCase();
    expect(payments).toMatchObject([
      { ...of, standard: 'native', direction: 'in', amount: (3n * ether).toString() },
      { ...of, standard: 'erc20', contract, direction: 'in', amount: '500', transferIndex: '0' },
      { ...of, standard: 'erc20', contract, direction: 'out', amount: '100', transferIndex: '1' },
    ]);
    expect(payments[0]?.['counterparty']?.toLowerCase()).toBe(anvilAccount(0).address.toLowerCase());
    expect(new Set(receiver.ids).size).toBe(3);
    const [stored] = await app.database.query<{ text: string }>(
      `SELECT coalesce((SELECT string_agg(e::text, ' ') FROM events e), '') ||
         (SELECT string_agg(f::text, ' ') FROM wallet_follows f) AS text`,
    );
    for (const secret of [payments[0]?.['transactionHash'] ?? '-', owner.address, contract])
      expect(stored?.text).not.toContain(secret.slice(2));
  });

  it('are not reported before they are final, nor those from before the link', async () => {
    const owner = await aWalletOwner(app, demo);
    const linked = Math.ceil(app.clock.now().getTime() / 1_000);
    await app.database.query(`UPDATE wallets SET linked_at = $2 WHERE id = $1`, [
      owner.walletId,
      new Date((Math.max(linked, await newest()) + 1_000) * 1_000),
    ]);
    await paid(owner, 1n);
    await anvil.mine(4);
    await round();
    now = (await newest()) + 2_000;
    await paid(owner, 2n);
    await round();
    expect(await reported(owner)).toEqual([]);
    await anvil.mine(4);
    await round();

    expect(await reported(owner)).toMatchObject([{ amount: '2' }]);
  });

  it('are not invented by an indexer, and are reported once it lists them rightly', async () => {
    const owner = await aFollowed();
    await paid(owner, ether);
    await anvil.mine(4);
    indexer.lieAbout('txlist', (rows) => rows.map((row) => ({ ...row, value: '7' })));
    await round();
    indexer.lieAbout('txlist', (rows) => rows.map((row) => ({ ...row, hash: `0x${'9'.repeat(64)}` })));
    await round();
    indexer.lieAbout('txlist', () => []);
    await round();
    expect(await reported(owner)).toEqual([]);
    indexer.recover();
    await round();

    expect(await reported(owner)).toMatchObject([{ amount: ether.toString() }]);
  });

  it('are not believed from one node, and wait while one is away or a round fails', async () => {
    const owner = await aFollowed();
    await paid(owner, ether);
    await anvil.mine(4);
    second.lie('eth_getTransactionReceipt', null);
    await round();
    second.goAway();
    await round();
    second.recover();
    indexer.goAway();
    await round();
    indexer.recover();
    expect(await reported(owner)).toEqual([]);
    await app.database.query(
      `ALTER TABLE events ADD CONSTRAINT fails CHECK (type <> 'wallet.transferred') NOT VALID`,
    );
    await expect(round()).rejects.toThrow();
    await app.database.query('ALTER TABLE events DROP CONSTRAINT fails');
    await round();

    expect(await reported(owner)).toMatchObject([{ amount: ether.toString() }]);
  });

  it('end with the link, also those that are written and not delivered', async () => {
    const owner = await aFollowed();
    await paid(owner, ether);
    await anvil.mine(4);
    await round();
    await app.database.query('DELETE FROM wallets WHERE id = $1', [owner.walletId]);
    await round();

    expect(await reported(owner)).toEqual([]);
    const left = await app.database.query('SELECT 1 FROM wallet_follows WHERE wallet_id = $1', [
      owner.walletId,
    ]);
    expect(left).toEqual([]);
  });

  it('that cannot be opened wait, and hold up no other account', async () => {
    const [damaged, owner] = [await aFollowed(), await aFollowed()];
    for (const each of [damaged, owner]) await paid(each, ether);
    await anvil.mine(4);
    // Nothing is sent before one of the events is damaged.
    await app.database.query(
      `UPDATE webhook_endpoints SET status = 'disabled', disabled_reason = 'operator'`,
    );
    await round();
    const of = [damaged.walletId, owner.walletId];
    const swap = `UPDATE events SET sealed = (SELECT sealed FROM events WHERE data->>'walletId' = $2) WHERE data->>'walletId' = $1`;
    await app.database.query(swap, of);
    await readAllEvents(app);
    const before = app.clock.now();
    await app.database.query(`UPDATE webhook_endpoints SET status = 'active', disabled_reason = NULL`);

    await until(() => receiver.received.some(({ data }) => data['walletId'] === owner.walletId));
    // It was tried, and counts as no attempt.
    await until(async () => {
      const left = await app.database.query<{ isReleased: boolean }>(
        `SELECT state = 'pending' AND attempts = 0 AND due_at > $2 AS "isReleased" FROM webhook_deliveries WHERE subject = $1`,
        [damaged.session.userId, before],
      );
      return left.length === 1 && left[0]?.isReleased === true;
    });
    await app.database.query('DELETE FROM webhook_deliveries');
  });

  it('are not asked for where no application asks for them', async () => {
    const owner = await aFollowed();
    await app.database.query('DELETE FROM event_subscriptions');
    await app.catchUp();
    indexer.requests.length = 0;
    await paid(owner, ether);
    await anvil.mine(4);
    await round();

    expect(indexer.requests).toEqual([]);
    expect(await app.database.query('SELECT 1 FROM wallet_follows')).toEqual([]);
  });
});
