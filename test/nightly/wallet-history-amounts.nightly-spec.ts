import { describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { useFakeNode } from '../support/fake-node';
import { aWalletOwner, balancesOf, chainsOf, follow } from '../support/followed-wallets';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const ether = 10n ** 18n;
/** The first contract of the first account of an anvil. */
const LISTED = { address: '0x5fbdb2315678afecb367f032d93f642f64180aa3', symbol: 'LST', decimals: 6 };

describeWithAnvil('a node that may learn addresses', () => {
  const anvil = useAnvil();
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsOf([node.url], { mayNameAddresses: true, tokens: [LISTED] }) },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  let listed: Deployed;

  beforeAll(async () => {
    listed = await anvil.deploy('TestErc20', ['Listed', 'LST', 6]);
    expect(listed.address.toLowerCase()).toBe(LISTED.address);
  });

  it('is asked what the wallet has, and what no transfer explains is named', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, 3n * ether);
    // The start is final: what the wallet had before is not read.
    await anvil.mine(70);
    await follow(app);
    const token = await anvil.deploy('TestErc20', ['Test', 'TST', 6]);
    await anvil.write(token, 'mint', [owner.address, 500n]);
    await anvil.pay(owner.address, ether);
    // As a contract does that moves coins without a transaction of their own.
    const moved = (await anvil.client.getBalance({ address: owner.address })) + 42n;
    await anvil.request('anvil_setBalance', [owner.address, `0x${moved.toString(16)}`]);
    await anvil.mine(1);
    await follow(app);

    const { balances } = await balancesOf(owner);

    expect(balances).toMatchObject([
      {
        standard: 'native',
        amount: (4n * ether + 42n).toString(),
        change: ether.toString(),
        unexplained: '42',
      },
      { standard: 'erc20', amount: '500', change: '500', unexplained: '0', decimals: null },
    ]);
  });

  it('is not needed for what transfers changed', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, ether);
    await follow(app);
    node.goAway();

    const { balances } = await balancesOf(owner);

    expect(balances).toMatchObject([{ amount: null, change: ether.toString(), unexplained: null }]);
  });

  it('is asked for the coin, listed tokens and some others, and the answer says for how many it is not', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    const mint = async (token: Deployed): Promise<unknown> => anvil.write(token, 'mint', [owner.address, 7n]);
    for (let index = 0; index < 53; index += 1) await mint(await anvil.deploy('TestErc20', ['T', 'T', 6]));
    await mint(listed);
    await follow(app);

    const { balances, notAsked } = await balancesOf(owner);

    expect(balances).toHaveLength(55);
    expect(balances[1]).toMatchObject({ contract: listed.address, amount: '7' });
    expect(notAsked).toBe(5);
    expect(balances.map(({ amount }) => amount !== null)).toEqual(balances.map((_, index) => index < 50));
  });
});
