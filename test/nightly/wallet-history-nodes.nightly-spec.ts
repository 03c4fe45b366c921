import { describeWithAnvil, useAnvil } from '../support/anvil';
import { useFakeNode } from '../support/fake-node';
import {
  aWalletOwner,
  balancesOf,
  chainsOf,
  changeOnChain,
  follow,
  followerOf,
  historyOf,
  storedIn,
  touchedOnChain,
  type WalletOwner,
} from '../support/followed-wallets';
import { withFollowers } from '../support/follower-replica';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const ether = 10n ** 18n;

describeWithAnvil('a node that is unsteady', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([node.url], { timeLimitMs: 300 }) } }));
  const demo = useApplication(app, { origins: [SITE] });

  async function aFollowedOwner(): Promise<WalletOwner> {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    await anvil.pay(owner.address, ether);
    await withFollowers(app, follow);
    return owner;
  }

  async function expectCaughtUp(owner: WalletOwner): Promise<void> {
    await withFollowers(app, follow);
    const { state, since, staleSince, balances } = await balancesOf(owner);
    expect({ state, staleSince }).toEqual({ state: 'following', staleSince: null });
    expect(BigInt(balances[0]?.change ?? '0')).toBe(await changeOnChain(anvil, owner.address, since ?? 0));
    const seen = (await historyOf(owner)).map(({ block, hash }) => `${block.hash} ${hash ?? ''}`);
    expect(seen.toReversed()).toEqual(await touchedOnChain(anvil, owner.address, since ?? 0));
  }

  async function faultNow(): Promise<string | null> {
    const [position] = await app.database.query<{ fault: string | null }>(
      'SELECT fault FROM chain_positions',
    );
    return position?.fault ?? null;
  }

  it('is waited for no longer than its time limit, and read when it is quick again', async () => {
    const owner = await aFollowedOwner();
    await anvil.pay(owner.address, 3n);
    const before = await storedIn(app);
    node.slow(60_000);

    await withFollowers(app, (replica) => followerOf(replica).round());

    expect(await faultNow()).toMatch(/^away: /);
    expect(await storedIn(app)).toEqual(before);
    expect((await balancesOf(owner)).state).toBe('waiting');
    node.recover();
    await expectCaughtUp(owner);
  });

  it('changes nothing by a head that goes up and down', async () => {
    const owner = await aFollowedOwner();
    await anvil.mine(3);
    await withFollowers(app, async (replica) => {
      await follow(replica);
      const top = Number(await anvil.client.getBlockNumber({ cacheTime: 0 }));
      const before = await storedIn(app);
      for (const below of [2, 0, 1, 3, 0, 3, 1, 0]) {
        node.lie('eth_getBlockByNumber', (params: readonly unknown[], truth: () => Promise<unknown>) =>
          params[0] === 'latest'
            ? anvil.request('eth_getBlockByNumber', [`0x${(top - below).toString(16)}`, false])
            : truth(),
        );
        await follow(replica);
        expect(await storedIn(app)).toEqual(before);
        expect((await balancesOf(owner)).asOfBlock?.number).toBe(top);
      }
    });
    node.recover();
    await expectCaughtUp(owner);
  });

  it('is not read any more when it answers the id of another chain after a while', async () => {
    const owner = await aFollowedOwner();
    await withFollowers(app, async (replica) => {
      await follow(replica);
      await anvil.pay(owner.address, 5n);
      const before = await storedIn(app);
      // Its connections end, so that it is asked again what it is.
      node.lie('eth_chainId', '0x89');
      node.goAway();
      await followerOf(replica).round();
      node.recover();
      node.lie('eth_chainId', '0x89');
      app.clock.advance(120);

      await followerOf(replica).round();

      expect(await faultNow()).toMatch(/^lying: /);
      expect(await storedIn(app)).toEqual(before);
    });
    node.recover();
    await expectCaughtUp(owner);
  });

  it('is followed again after it had contradicted a final block', async () => {
    const owner = await aFollowedOwner();
    const pay = (): Promise<unknown> => anvil.pay(owner.address, 9n);
    await pay();
    await anvil.mine(12);
    await withFollowers(app, follow);
    const before = await storedIn(app);
    const other = `0x${'77'.repeat(32)}`;
    const top = Number(await anvil.client.getBlockNumber({ cacheTime: 0 }));
    // A chain of its own from far below the last final block on.
    node.lie('eth_getBlockByNumber', async (params: readonly unknown[], truth: () => Promise<unknown>) => {
      const block = (await truth()) as { number: string } | null;
      const isFinalAsked = params[0] === 'finalized' || params[0] === '0x0';
      return isFinalAsked ? block : { ...block, hash: other, parentHash: `0x${'78'.repeat(32)}` };
    });
    node.lie('eth_getBlockByHash', ([hash]: readonly unknown[]) => {
      const back = parseInt(String(hash).slice(-2), 16) - 0x77;
      return {
        number: `0x${(top - back).toString(16)}`,
        hash,
        parentHash: `0x${(0x78 + back).toString(16).repeat(32)}`,
      };
    });

    await withFollowers(app, (replica) => followerOf(replica).round());

    expect((await balancesOf(owner)).state).toBe('stopped');
    expect(await faultNow()).toBe('lying: below_finality');
    expect(await storedIn(app)).toEqual(before);
    node.recover();
    await pay();
    await expectCaughtUp(owner);
  });
});
