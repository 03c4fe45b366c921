import { HOUR } from '@countersign/clock';
import { WalletChecks } from '@countersign/linked-wallets';
import { anvilAccount, describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { anvilChain, chainsDocument } from '../support/chains';
import { ANVIL_CHAIN, contractWallet } from '../support/contract-wallets';
import { useFakeNode } from '../support/fake-node';
import {
  asContractWallet,
  aSteppedUp,
  confirmOwners,
  linkWallet,
  sendLink,
  walletsOf,
} from '../support/linked-wallets';
import { anOperator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE, type TestWallet } from '../support/wallets';

/** What a node answers whose contract says no. */
const REFUSES = `0x${'4'.padStart(64, '0')}`;

describeWithAnvil('the check of contract wallets', () => {
  const anvil = useAnvil();
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsDocument(anvilChain([node.url], { timeLimitMs: 2_000 })) },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  const second = useFakeNode(() => anvil.url);
  const sure = useTestApp(() => ({
    environment: { CHAINS: chainsDocument(anvilChain([node.url, second.url], { timeLimitMs: 2_000 })) },
  }));
  const game = useApplication(sure, { origins: [SITE] });
  const [owner, buyer] = [anvilAccount(1), anvilAccount(2)];
  const run = () => app.nest.get(WalletChecks).run();
  const later = () => {
    app.clock.advance((7 * HOUR) / 1_000);
  };

  const signedBy = ({ address }: Deployed, signer = owner): TestWallet => contractWallet(address, signer);

  // Wallets of other tests are not due.
  beforeEach(() => app.database.query('UPDATE wallets SET chain_id = NULL'));

  it('tells the person when a wallet changed its owner, until the person confirms the present one', async () => {
    const deployed = await anvil.deploy('OwnedWallet', [owner.address]);
    const session = await aSteppedUp(app, demo);
    const linked = await linkWallet(session, signedBy(deployed));
    expect(linked).toMatchObject({
      chainId: ANVIL_CHAIN,
      address: deployed.address,
      assurance: 'bot-token',
      proof: {
        kind: 'siwe',
        provenOn: ANVIL_CHAIN,
        nodes: 1,
        block: { number: expect.any(Number) as number },
      },
    });
    app.clock.advance((6 * HOUR) / 1_000 - 1);
    expect(await run()).toBe(0);
    app.clock.advance(2);
    expect(await run()).toBe(1);
    const unchanged = await aSteppedUp(app, demo, session.person);
    expect(await walletsOf(unchanged)).toMatchObject([
      { checkedAt: app.clock.now().toISOString(), ownersChangedAt: null },
    ]);

    await anvil.write(deployed, 'setOwner', [buyer.address], { from: owner });
    later();
    expect(await run()).toBe(1);

    const changed = app.clock.now().toISOString();
    const again = await aSteppedUp(app, demo, session.person);
    expect(await walletsOf(again)).toMatchObject([
      { walletId: linked.walletId, checkedAt: changed, ownersChangedAt: changed },
    ]);
    const operator = await anOperator(app);
    const listed = await operator.get(`/v1/admin/wallets?ownersChanged=true&userId=${session.userId}`);
    expect(listed.body).toMatchObject({ items: [{ walletId: linked.walletId, ownersChangedAt: changed }] });
    later();
    expect(await run()).toBe(0);

    const last = await aSteppedUp(app, demo, session.person);
    expect((await sendLink(last, signedBy(deployed, buyer))).status).toBe(200);
    expect(await walletsOf(last)).toMatchObject([{ walletId: linked.walletId, ownersChangedAt: changed }]);
    const confirmed = await confirmOwners(last, linked);
    expect(confirmed.body).toMatchObject({ ownersChangedAt: null, canSignIn: false });
    later();
    expect(await run()).toBe(1);
    expect(await walletsOf(await aSteppedUp(app, demo, session.person))).toMatchObject([
      { ownersChangedAt: null },
    ]);
  });

  it('concludes nothing while no node answers, and asks again', async () => {
    const deployed = await anvil.deploy('OwnedWallet', [owner.address]);
    const session = await aSteppedUp(app, demo);
    const linked = await linkWallet(session, signedBy(deployed));
    await anvil.write(deployed, 'setOwner', [buyer.address], { from: owner });
    later();
    node.goAway();

    expect(await run()).toBe(0);
    node.recover();

    const again = await aSteppedUp(app, demo, session.person);
    expect(await walletsOf(again)).toMatchObject([{ checkedAt: linked.checkedAt, ownersChangedAt: null }]);
    expect(await run()).toBe(1);
    expect(await walletsOf(again)).toMatchObject([{ ownersChangedAt: app.clock.now().toISOString() }]);
  });

  it('concludes nothing while two nodes disagree, and asks again', async () => {
    const deployed = await anvil.deploy('OwnedWallet', [owner.address]);
    const session = await aSteppedUp(sure, game);
    const linked = await linkWallet(session, signedBy(deployed));
    expect(linked).toMatchObject({ assurance: 'platform', ownersChangedAt: null });
    sure.clock.advance((7 * HOUR) / 1_000);
    second.lie('eth_call', REFUSES);
    await sure.nest.get(WalletChecks).run();
    const again = await aSteppedUp(sure, game, session.person);
    expect(await walletsOf(again)).toMatchObject([{ checkedAt: linked.checkedAt, ownersChangedAt: null }]);

    second.recover();
    expect(await sure.nest.get(WalletChecks).run()).toBe(1);

    expect(await walletsOf(again)).toMatchObject([
      { checkedAt: sure.clock.now().toISOString(), ownersChangedAt: null },
    ]);
  });

  it('leaves wallets of keys alone, and those of chains that are not configured', async () => {
    const session = await aSteppedUp(app, demo);
    await linkWallet(session, anEvmWallet());
    const other = await linkWallet(session, anEvmWallet());
    await asContractWallet(app, session, other, 'eip155:10');
    app.clock.advance(1);
    // It is checked after the one of that chain.
    await linkWallet(session, signedBy(await anvil.deploy('OwnedWallet', [owner.address])));
    later();

    expect(await run()).toBe(1);

    const again = await aSteppedUp(app, demo, session.person);
    expect((await walletsOf(again)).map(({ ownersChangedAt }) => ownersChangedAt)).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('does not judge by a signature that a newer proof has replaced meanwhile', async () => {
    const deployed = await anvil.deploy('OwnedWallet', [owner.address]);
    const session = await aSteppedUp(app, demo);
    await linkWallet(session, signedBy(deployed));
    await anvil.write(deployed, 'setOwner', [buyer.address], { from: owner });
    later();
    const again = await aSteppedUp(app, demo, session.person);

    // The new proof comes between the answer of the node and what is stored of it.
    const statuses: number[] = [];
    node.lie('eth_call', async (_: unknown, truth: () => Promise<unknown>) => {
      const answer = await truth();
      if (statuses.length === 0) {
        statuses.push(0);
        statuses.push((await sendLink(again, signedBy(deployed, buyer))).status);
      }
      return answer;
    });

    expect(await run()).toBe(1);

    expect(statuses).toEqual([0, 200]);
    expect(await walletsOf(again)).toMatchObject([{ ownersChangedAt: null }]);
  });
});
