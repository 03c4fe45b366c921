import { JournalSeal } from '@countersign/embedded-wallets';
import { encodeFunctionData, type Address, type Hex } from 'viem';
import { aPerson, times } from '../factories';
import { describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { anvilChain, chainsDocument } from '../support/chains';
import { OPEN_RULES } from '../support/custody';
import { environmentOf, useCustody } from '../support/embedded-wallets';
import { useTwoNodes } from '../support/fake-node';
import type { WalletBody } from '../support/linked-wallets';
import { signInPerson } from '../support/person-session';
import { broadcast, callSend, coin, ETHER, FRIEND, look, permit, type SendBody } from '../support/sends';
import { useTestApp } from '../support/use-test-app';
import { aXellarApplication, expectXellarError, XellarClient } from '../support/xellar-client';

const NETWORK = { network: 'juchain' };
const CHAIN_ID = 210_000;
const CHAIN = `eip155:${CHAIN_ID}`;
const CAPS = { maxFeePerGas: '100000000000', maxFee: '10000000000000000', depth: 0 };

describeWithAnvil('sends of Xellar’s clients', () => {
  const anvil = useAnvil({ chainId: CHAIN_ID });
  const [first, second] = useTwoNodes(anvil);
  const custody = useCustody();
  const app = useTestApp(() => {
    const chain = anvilChain([first.url, second.url], { chainId: CHAIN, name: 'juchain', sending: CAPS });
    return { environment: { ...environmentOf(custody).environment, CHAINS: chainsDocument(chain) } };
  });
  let collectibles: Deployed;

  beforeAll(async () => {
    collectibles = await anvil.deploy('TestErc721');
  });

  /** A wallet with coins, and calls of it with one token after the other. */
  async function aSender() {
    // For native sends beside those of this API.
    const demo = await aXellarApplication(app, { embeddedWallets: { acts: ['send'] } });
    const client = new XellarClient(app, demo);
    const person = aPerson();
    const made = await client.withWallet(person);
    const address = made.address[0]?.address as Address;
    await anvil.request('anvil_setBalance', [address, `0x${ETHER.toString(16)}`]);
    await anvil.mine();
    let { refreshToken } = made;
    const next = async () => {
      const pair = await client.refreshed(refreshToken);
      ({ refreshToken } = pair);
      return pair.walletToken;
    };
    const call = async (path: string, body: object, token?: string) =>
      client.post(`wallet/${path}`, { ...NETWORK, ...body }, token ?? (await next()));
    return { demo, person, address, call, next };
  }

  const coins = (amount = '0.001') => ({ to: FRIEND, amount });

  it('move nothing without a rule of custody, and the token stays', async () => {
    const { address, call, next } = await aSender();
    const token = await next();
    await custody.reload({ undecoded: 'sign' });

    for (let times = 0; times < 2; times += 1)
      expectXellarError(await call('send-coin', coins(), token), 403, 'wallet.asset_not_allowed');
    expectXellarError(
      await call('transfer-erc721', { to: FRIEND, tokenId: '1', tokenAddress: collectibles.address }),
      409,
      'send.would_fail',
    );
    expect(await anvil.request('eth_getTransactionCount', [address, 'latest'])).toBe('0x0');
    await custody.reload(OPEN_RULES);
    expect((await call('send-coin', coins(), token)).status).toBe(200);
  });

  it('send once where one token is used by parallel calls', async () => {
    const { address, call, next } = await aSender();
    const token = await next();

    const answers = await Promise.all(
      times(6, (index) => call('send-coin', coins(`0.0${index + 1}`), token)),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expect([401, 422]).toContain(answer.status);
    await broadcast(app);
    expect(await anvil.request('eth_getTransactionCount', [address, 'latest'])).toBe('0x1');
  });

  it('send a collectible, and a transaction that the rules of custody name', async () => {
    const { address, call } = await aSender();
    await anvil.write(collectibles, 'mint', [address, 7n]);

    const thing = { to: FRIEND, tokenId: '7', tokenAddress: collectibles.address };
    expect((await call('transfer-erc721', thing)).status).toBe(200);
    expect((await call('send-transaction', { transaction: { to: FRIEND, value: '0x5' } })).status).toBe(200);
    await broadcast(app);
    expect(await anvil.read(collectibles, 'ownerOf', [7n])).toMatch(new RegExp(FRIEND, 'i'));
    const undecoded = {
      transaction: {
        to: collectibles.address,
        data: encodeFunctionData({ abi: collectibles.abi, functionName: 'mint', args: [address, 8n] }),
      },
    };
    await custody.reload({ ...OPEN_RULES, undecoded: 'refuse' });
    expectXellarError(await call('send-transaction', undecoded), 403, 'wallet.act_undecoded');
    await custody.reload(OPEN_RULES);
    expect((await call('send-transaction', undecoded)).status).toBe(200);
  });

  it.each([
    ['send-coin', { to: FRIEND, amount: '1e3' }],
    ['send-token', { to: FRIEND, amount: '1', tokenAddress: '0x1' }],
  ])('are refused by %s with %j, and the token stays', async (path, body) => {
    const { call, next } = await aSender();
    const token = await next();
    const { status } = await call(path, body, token);
    expect([400, 404, 422]).toContain(status);
    // The balance of the friend is compared below.
    const transaction = { to: `0x${'34'.repeat(20)}`, value: '1' };
    expect((await call('send-transaction', { transaction }, token)).status).toBe(200);
  });

  describe('that wait for a block', () => {
    const cancel = 'cancel-transaction';
    const balance = async () => BigInt(await anvil.request('eth_getBalance', [FRIEND, 'latest']));
    const sendsOf = async ({ demo, person }: Awaited<ReturnType<typeof aSender>>) => {
      const session = await signInPerson(app, demo, person);
      const { body: list } = await session.get('/v1/wallets');
      const [wallet] = (list as { items: readonly [WalletBody] }).items;
      const { body } = await session.get(`/v1/wallets/${wallet.walletId}/sends`);
      return { session, wallet, sends: (body as { items: readonly SendBody[] }).items };
    };

    beforeEach(() => anvil.request('evm_setAutomine', [false]));
    afterEach(async () => {
      await anvil.mine();
      await anvil.request('evm_setAutomine', [true]);
    });

    it('are cancelled by their nonce, once with a token', async () => {
      const sender = await aSender();
      const { address, call, next } = sender;
      expect((await call('send-coin', coins())).status).toBe(200);
      await broadcast(app);
      const [before, token] = [await balance(), await next()];

      const answers = await Promise.all(times(4, () => call(cancel, { nonce: 0 }, token)));

      const [done, ...others] = answers.sort((one, other) => one.status - other.status);
      expect(done?.body).toMatchObject({ status: 200, message: 'Cancel Transaction is processing' });
      for (const other of others) expectXellarError(other, 401, 'xellar.token_used');
      await broadcast(app);
      await anvil.mine();
      const { hash } = (done?.body as { data: { hash: Hex } }).data;
      expect(await anvil.receipt(hash)).toMatchObject({ status: 'success', to: address.toLowerCase() });
      expect(await balance()).toBe(before);
      const { sends } = await sendsOf(sender);
      expect(sends.map(({ versions }) => versions.map(({ kind }) => kind))).toEqual([['first', 'cancel']]);
    });

    it('stay where another API sent them, there are none, or a block has them', async () => {
      const sender = await aSender();
      const { call, next } = sender;
      const token = await next();
      expectXellarError(await call(cancel, { nonce: 0 }, token), 404, 'send.not_found');
      const { session, wallet } = await sendsOf(sender);
      const allowed = await permit(session, wallet, coin(), { chainId: CHAIN });
      expect((await callSend(session, wallet, allowed)).status).toBe(200);
      await broadcast(app);
      expectXellarError(await call(cancel, { nonce: 0 }, token), 404, 'send.not_found');
      expect((await call('send-coin', coins(), token)).status).toBe(200);
      await broadcast(app);
      // The token was used, and the earliest goes first.
      expectXellarError(await call(cancel, { nonce: 1 }, token), 401, 'xellar.token_used');
      expectXellarError(await call(cancel, { nonce: 1 }), 409, 'send.earlier_waits');
      await anvil.mine();
      await look(app);
      expectXellarError(await call(cancel, { nonce: 1 }), 409, 'send.settled');
    });

    it('stay where another application sent them', async () => {
      const sender = await aSender();
      expect((await sender.call('send-coin', coins())).status).toBe(200);
      const other = await aXellarApplication(app, {
        embeddedWallets: { acts: ['send'] },
      });
      const client = new XellarClient(app, other);
      const { walletToken = '' } = await client.loggedIn(sender.person);
      expectXellarError(
        await client.post(`wallet/${cancel}`, { ...NETWORK, nonce: 0 }, walletToken),
        404,
        'send.not_found',
      );
    });

    it.each([{}, { nonce: 1.5 }, { nonce: '0' }])('are not cancelled by %j', async (body) => {
      const { call } = await aSender();
      expectXellarError(await call(cancel, body), 400, 'request.invalid');
    });
  });

  it('leave no signature without an act', async () => {
    expect(await app.nest.get(JournalSeal).compare()).toMatchObject({ withoutAct: [] });
  });
});
