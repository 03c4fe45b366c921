import { Address, fromNano, toNano } from '@ton/core';
import { useTonApi } from '../support/ton/ton-api';
import { TonNetwork, type Token } from '../support/ton/ton-network';
import { shownTon, tonChains } from '../support/ton/ton-owner';
import { useFixture } from '../support/use-fixture';
import { usePlayground } from '../system/support/playground';

describe('balances and history in the playground', () => {
  const network = useFixture(() => TonNetwork.create());
  const first = useTonApi(network);
  const second = useTonApi(network);
  let dollar: Token;
  const run = usePlayground(async () => {
    dollar = await network.jetton('USDT');
    const tokens = [{ address: dollar.address.toRawString(), symbol: 'USDT', decimals: 6 }];
    return tonChains([first, second], { tokens });
  });
  const balances = () => run.playground.text('#money [aria-label="Balances on ton"]');
  const history = () => run.playground.text('#money [aria-label="History on ton"]');

  /** Signs in as somebody new, who links a wallet. @returns its address */
  async function link(): Promise<Address> {
    const { playground } = run;
    await playground.signIn('A new person');
    const said = await playground.confirmed('ton', 'Link my wallet of TON');
    const [, address = ''] = /Linked (\S+)\./.exec(said) ?? [];
    return Address.parse(address);
  }

  it('are those of the chain, with symbols, comments, and what they rest on', async () => {
    const { playground } = run;
    const address = await link();
    await network.pay(address, toNano('1.5'), { body: 'deposit-7' });
    await network.mint(dollar, network.treasury.address, 9_000_000n);
    await network.payJetton(dollar, address, 2_500_000n, { comment: 'invoice 12', forward: 1n });

    expect(await playground.press('money', 'Show what my wallets have')).toBe('Wallets: 1.');
    const coins = fromNano(await network.balanceOf(address));
    expect(await balances()).toBe(
      [`${coins} GRAM Confirmed, and final.`, '2.5 USDT Confirmed, and final.'].join('\n'),
    );
    const lines = await history();
    expect(lines).toContain(
      `Received 1.5 GRAM from ${shownTon(network.treasury.address)}, with the comment “deposit-7”`,
    );
    expect(lines).toMatch(
      /Received 2\.5 USDT from \S+, with the comment “invoice 12” Confirmed, and final\./,
    );
    await playground.hasNoBarrier();
  });

  it('say that one source lies, and that none answers', async () => {
    const { playground } = run;
    const address = await link();
    // Nothing in it breaks a line.
    await network.pay(address, toNano('2'), { body: 'a-comment-without-spaces-'.repeat(8) });
    second.lie('getAddressInformation', (truth: { balance: string }) => ({ ...truth, balance: '9' }));
    second.lie('transactions', () => ({ transactions: [], address_book: {} }));

    await playground.press('money', 'Show what my wallets have');
    expect(await balances()).toContain('? GRAM Not known: the sources contradict each other.');
    expect(await history()).toContain('Not confirmed: only one source says so.');

    for (const api of [first, second]) api.goAway();
    await playground.press('money', 'Show what my wallets have');
    expect(await balances()).toContain('? GRAM Not known: too few sources answer.');
    expect(await playground.text('#money')).toContain('This may be out of date: the chain cannot be read');
    await playground.hasNoBarrier();
  });
});
