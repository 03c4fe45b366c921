import { FollowerStates } from '@countersign/wallet-history';
import { anvilAccount, describeWithAnvil, useAnvil } from '../support/anvil';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode } from '../support/fake-node';
import {
  ANVIL_CHAIN,
  aWalletOwner,
  balancesOf,
  chainsOf,
  changeOnChain,
  follow,
  followerOf,
  historyOf,
  storedIn,
  tokenChangeOnChain,
  touchedOnChain,
  type WalletOwner,
} from '../support/followed-wallets';
import { withFollowers } from '../support/follower-replica';
import { anOperator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const ether = 10n ** 18n;
const SAME_GENESIS = { flags: ['--slots-in-an-epoch', '4', '--timestamp', '1700000000'] };
const PATH = `/v1/admin/chains/${ANVIL_CHAIN}`;
const METHODS = ['eth_getBlockByNumber', 'eth_getBlockByHash', 'eth_getBlockReceipts'];

describeWithAnvil('a chain that a node has lied about', () => {
  const anvil = useAnvil(SAME_GENESIS);
  const liar = useAnvil(SAME_GENESIS);
  const first = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const environment: Record<string, string> = {};
  const app = useTestApp(() => {
    environment['CHAINS'] = chainsOf([first.url, second.url]);
    return { environment };
  });
  const demo = useApplication(app, { origins: [SITE] });
  const countersign = useCountersign(app, environment);

  /** The service after its file of chains was changed. */
  async function withNodes<T>(urls: readonly string[], work: (replica: TestApp) => Promise<T>): Promise<T> {
    const { database, keys, clock, telegram } = app;
    const replica = await TestApp.start({
      database,
      keys,
      clock,
      telegram,
      environment: { CHAINS: chainsOf(urls) },
    });
    try {
      return await work(replica);
    } finally {
      await replica.close();
    }
  }

  /** Both nodes tell what the liar made up, so that it becomes final here. */
  async function believeTheLiar(owner: WalletOwner): Promise<readonly (string | null)[]> {
    for (const node of [first, second])
      for (const method of METHODS)
        node.lie(method, (params: readonly unknown[]) => liar.request(method, params));
    const fake = await liar.deploy('TestErc20', ['Made up', 'FAKE', 6]);
    const invented = await liar.pay(owner.address, 50n * ether);
    await liar.write(fake, 'mint', [owner.address, 9n]);
    await liar.mine(20);
    await withFollowers(app, follow);
    const history = await historyOf(owner);
    expect(history.filter(({ hash }) => hash === invented.transactionHash)).toMatchObject([
      { isFinal: true },
    ]);
    first.recover();
    second.recover();
    return history.map(({ hash }) => hash);
  }

  async function expectAsOnChain(owner: WalletOwner): Promise<void> {
    const { state, since, staleSince, balances } = await balancesOf(owner);
    expect({ state, staleSince }).toEqual({ state: 'following', staleSince: null });
    const coin = balances.find(({ contract }) => contract === null);
    expect(BigInt(coin?.change ?? '0')).toBe(await changeOnChain(anvil, owner.address, since ?? 0));
    const seen = (await historyOf(owner)).map(({ block, hash }) => `${block.hash} ${hash ?? ''}`);
    expect(seen.toReversed()).toEqual(await touchedOnChain(anvil, owner.address, since ?? 0));
  }

  async function expectWalked(reset: (lastBlock: number) => Promise<unknown>): Promise<void> {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    const token = await anvil.deploy('TestErc20', ['Test', 'TST', 6]);
    await anvil.pay(owner.address, 3n * ether);
    await anvil.write(token, 'mint', [owner.address, 500n]);
    await anvil.pay(owner.address, 1n, { from: owner.account });
    await anvil.mine(20);
    await withFollowers(app, follow);
    const lastBlock = (await balancesOf(owner)).finalBlock ?? 0;
    const known = (await historyOf(owner)).length;
    // The chain that was followed, and one that the liar goes on with alone.
    const state = await anvil.request<string>('anvil_dumpState');
    await liar.request('anvil_loadState', [state]);
    // Followed from a block of the liar on.
    const newcomer = await aWalletOwner(app, demo);
    await believeTheLiar(owner);
    const late = await anvil.pay(owner.address, 7n);
    await anvil.pay(newcomer.address, 8n);
    await anvil.mine(40);

    const told = await withFollowers(app, async (replica) => {
      await followerOf(replica).round();
      return replica.nest.get(FollowerStates).report();
    });
    expect(told).toContain('stopped (lying: below_finality)');
    expect((await countersign.run(`chain show ${ANVIL_CHAIN}`)).output).toMatch(
      /^state +stopped\nfault +lying: below_finality$/m,
    );

    await reset(lastBlock);

    expect((await historyOf(owner)).length).toBeLessThanOrEqual(known);
    expect((await balancesOf(owner)).balances).not.toContainEqual(
      expect.objectContaining({ change: (53n * ether).toString() }),
    );
    await withFollowers(app, follow);
    await expectAsOnChain(owner);
    await expectAsOnChain(newcomer);
    expect(await historyOf(newcomer)).toHaveLength(1);
    expect((await balancesOf(newcomer)).since).toBe(lastBlock + 1);
    const history = await historyOf(owner);
    expect(history.map(({ hash }) => hash)).toContain(late.transactionHash);
    const { since, balances } = await balancesOf(owner);
    const tokens = balances.filter(({ contract }) => contract !== null);
    expect(tokens).toHaveLength(1);
    expect(BigInt(tokens[0]?.change ?? '0')).toBe(
      await tokenChangeOnChain(anvil, token, owner.address, since ?? 0),
    );
  }

  it('is read again after a command, and everything is as the chain has it', async () => {
    await expectWalked(async (lastBlock) => {
      const words = `chain reset ${ANVIL_CHAIN} --last-block ${lastBlock}`;
      expect(await countersign.failure(words)).toContain('--confirm is missing');
      const answer = await countersign.json<object>(`${words} --confirm`);
      expect(answer).toMatchObject({ chainId: ANVIL_CHAIN, lastBlock: { number: lastBlock }, wallets: 1 });
    });
  });

  it('is read again after a call, by a service that was told of one node only', async () => {
    await expectWalked(async (lastBlock) => {
      const operator = await anOperator(app, ['chains:write']);
      await withNodes([first.url], async (replica) => {
        // It holds blocks in memory that go.
        const round = (): Promise<number> => followerOf(replica).round();
        await round();
        const answer = await operator.post(`${PATH}/reset`, { lastBlock }).expect(200);
        expect(answer.body).toMatchObject({ lastBlock: { number: lastBlock }, wallets: 1 });
        await follow(replica);
      });
      const records = await auditOf(app, { action: 'chain.reset' });
      expect(records.at(-1)).toMatchObject({
        actor: `principal:${operator.principalId}`,
        subject: ANVIL_CHAIN,
        details: { lastBlock: String(lastBlock), wallets: '1' },
      });
    });
  });

  describe('and is not reset', () => {
    const refusals: readonly [string, string, number, () => unknown][] = [
      ['above its last final block', 'chain.block_not_final', 999_999, () => undefined],
      [
        'while no node answers',
        'chain.unavailable',
        1,
        () => [first, second].forEach((node) => node.goAway()),
      ],
      ['while only one node answers', 'chain.unavailable', 1, () => second.goAway()],
      [
        'while its nodes disagree',
        'chain.nodes_disagree',
        1,
        () => second.lie('eth_getBlockByNumber', otherBlock),
      ],
    ];

    it.each(refusals)('%s', async (_, code, lastBlock, breakIt) => {
      await withFollowers(app, follow);
      const before = await storedIn(app);
      breakIt();

      const answer = await app.withReplica(async (replica) =>
        (await anOperator(replica)).post(`${PATH}/reset`, { lastBlock }),
      );

      expectProblem(answer, code === 'chain.unavailable' ? 503 : 409, code);
      expect(await storedIn(app)).toEqual(before);
      first.recover();
      second.recover();
      await withFollowers(app, follow);
    });

    it('without its scope, without a block, or when it is not configured', async () => {
      const [reader, writer] = [await anOperator(app, ['chains:read']), await anOperator(app)];

      expectProblem(await reader.post(`${PATH}/reset`, { lastBlock: 1 }), 403, 'principal.scope_missing');
      expectProblem(await writer.post(`${PATH}/reset`, { lastBlock: -1 }), 400, 'request.invalid');
      expectProblem(await writer.post(`${PATH}/reset`, { lastBlock: 1.5 }), 400, 'request.invalid');
      expectProblem(await writer.post(`${PATH}/reset`, {}), 400, 'request.invalid');
      expectProblem(
        await writer.post('/v1/admin/chains/eip155:1/reset', { lastBlock: 1 }),
        404,
        'chain.not_found',
      );
      expectProblem(await writer.get('/v1/admin/chains/eip155:1/follower'), 404, 'chain.not_found');
      expect((await reader.get(`${PATH}/follower`).expect(200)).body).toMatchObject({
        chainId: ANVIL_CHAIN,
        state: 'following',
        fault: null,
      });
    });
  });

  it('is forgotten as far as it told whom a wallet paid', async () => {
    const owner = await aWalletOwner(app, demo);
    const other = anvilAccount(0).address;
    await withFollowers(app, follow);
    const received = await anvil.pay(owner.address, ether);
    await anvil.pay(other, 5n, { from: owner.account });
    await anvil.mine(12);
    await withFollowers(app, follow);
    const exported = async (): Promise<unknown> => (await owner.session.get('/v1/me/export')).body;
    const withPaid = (counterparties: readonly string[]): unknown =>
      expect.objectContaining({
        sections: expect.objectContaining({
          walletChains: expect.objectContaining({ items: [expect.objectContaining({ counterparties })] }),
        }),
      });
    expect(await exported()).toEqual(withPaid([other.toLowerCase()]));

    const lastBlock = Number(received.blockNumber);
    await (await anOperator(app)).post(`${PATH}/reset`, { lastBlock }).expect(200);

    expect(await exported()).toEqual(withPaid([]));
    await withFollowers(app, follow);
    expect(await exported()).toEqual(withPaid([other.toLowerCase()]));
  });

  it('is reset by one of two at once, or by one after the other', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    await anvil.pay(owner.address, ether);
    await anvil.mine(12);
    await withFollowers(app, follow);
    const operator = await anOperator(app);

    const answers = await Promise.all(
      [4, 1, 2, 3].map((lastBlock) => operator.post(`${PATH}/reset`, { lastBlock })),
    );

    const done = answers.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    for (const answer of answers)
      if (answer.status !== 200) expectProblem(answer, 409, 'chain.block_not_final');
    await withFollowers(app, follow);
    await expectAsOnChain(owner);
  });
});

async function otherBlock(_: readonly unknown[], truth: () => Promise<unknown>): Promise<unknown> {
  const block = (await truth()) as { number: string };
  return block.number === '0x0' ? block : { ...block, hash: `0x${'5'.repeat(64)}` };
}
