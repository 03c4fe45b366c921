import { times } from '../factories';
import { JournalSeal } from '@countersign/embedded-wallets';
import { Address, beginCell, Cell, internal, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { createShardAccount } from '@ton/sandbox';
import { WalletContractV5R1 } from '@ton/ton';
import { mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { deriveWalletKeys } from '@countersign/wallet-keys';
import { OPEN_RULES } from '../support/custody';
import { askForAct, aWalletApplication, exportWords, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { broadcast, callSend, look, replaceSend, sendOf, type SendBody, dumpOfSends } from '../support/sends';
import { useTonApi } from '../support/ton/ton-api';
import {
  aTonSender,
  permitOnTon,
  sendingOnTon,
  sendOnTon,
  type TonSender,
} from '../support/ton/ton-embedded';
import { JETTON, TonNetwork, type TonSigner } from '../support/ton/ton-network';
import { TON } from '../support/ton/ton-owner';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

/** Code that throws 5 for each message. */
const THROWING = beginCell().storeUint(0xf205, 16).endCell();
const FRIEND = `0:${'cd'.repeat(32)}`;
const LIFETIME = 60;

const coins = (amount = toNano('1'), to = FRIEND) => ({ kind: 'coin', to, amount: String(amount) });

describe('a send on TON', () => {
  const network = useFixture(() => TonNetwork.create());
  const [first, second] = [useTonApi(network), useTonApi(network)];
  const custody = useCustody();
  const app = useTestApp(() => sendingOnTon(custody, [first, second]));
  const replica = useReplica(app);
  const game = useFixture(() => aWalletApplication(app, { acts: ['send', 'export'] }));
  const aSender = () => aTonSender(app, game, network);
  const bytesSent = () =>
    network.transactions.filter(({ transaction: { inMessage } }) => inMessage?.info.type === 'external-in')
      .length;
  const received = async (to = FRIEND) => Number(await network.balanceOf(Address.parse(to))) / 1e9;

  // The time of custody.
  beforeEach(() => {
    network.chain.now = undefined;
  });

  /** Looks until what became of all messages is known. */
  async function finish(): Promise<void> {
    await broadcast(app);
    await look(app);
  }

  const stateOf = async ({ session, wallet }: TonSender, sent: Pick<SendBody, 'sendId'>) =>
    sendOf(session, wallet, sent);

  it('says its greatest fee before, deploys the wallet, is given to all endpoints, and is final when it is delivered', async () => {
    const sender = await aSender();
    const before = await received();
    const call = await permitOnTon(sender, { ...coins(), comment: 'for tea' });
    expect(call.maxFee).toBe('20000000');

    const answer = await callSend(sender.session, sender.wallet, call);

    expect(answer.status).toBe(200);
    const sent = answer.body as SendBody;
    expect(sent).toMatchObject({ state: 'broadcasting', nonce: 0, block: null, outcome: null });
    expect(sent.versions[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    await broadcast(app);
    for (const api of [first, second]) expect(api.asked.filter((one) => one === 'sendBoc')).toHaveLength(1);
    await look(app);
    expect(await stateOf(sender, sent)).toMatchObject({ state: 'final', outcome: 'delivered', block: null });
    expect(await received()).toBeCloseTo(before + 1);
    expect(await sendOnTon(sender, coins())).toMatchObject({ nonce: 1 });
    await finish();
    const left = Number(await network.balanceOf(sender.address)) / 1e9;
    expect(left).toBeGreaterThan(3 - 2 * 0.02);
    await sender.session.stepUp();
    const { sections } = readExport((await sender.session.get('/v1/me/export')).text);
    expect(sections['sends']?.items).toHaveLength(2);
    expect(sections['sends']?.items).toContainEqual(
      expect.objectContaining({ sendId: sent.sendId, state: 'final', outcome: 'delivered' }),
    );
  });

  it('is always answered by its act, and sent once, however parallel the calls of two replicas', async () => {
    const sender = await aSender();
    const [sentBefore, before] = [bytesSent(), await received()];
    const call = await permitOnTon(sender, coins());

    const answers = await Promise.all(
      times(10, (index) =>
        (index % 2 === 0 ? app : replica).http
          .post(`/v1/wallets/${sender.wallet.walletId}/acts/${call.actId}/perform`)
          .set('authorization', `Bearer ${sender.session.accessToken}`),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(times(10, () => 200));
    expect(new Set(answers.map(({ body }) => (body as { send: SendBody }).send.sendId)).size).toBe(1);
    await Promise.all([app, replica].map((each) => broadcast(each)));
    await Promise.all([app, replica].map((each) => look(each)));
    expect(await received()).toBeCloseTo(before + 1);
    expect(bytesSent()).toBe(sentBefore + 1);
    expect((await callSend(sender.session, sender.wallet, call)).body).toMatchObject({ state: 'final' });
  });

  it('waits while another one of the wallet is in flight, and leaves its act unused', async () => {
    const sender = await aSender();
    await sendOnTon(sender, coins());
    const call = await permitOnTon(sender, coins(2n));
    expectProblem(await callSend(sender.session, sender.wallet, call), 409, 'send.too_many_open');
    await finish();
    expect((await callSend(sender.session, sender.wallet, call)).body).toMatchObject({ nonce: 1 });
    await finish();
  });

  it('whose answers are lost is found', async () => {
    const sender = await aSender();
    const call = await permitOnTon(sender, coins());
    first.lie('sendBoc', () => 'gone');
    second.lie('sendBoc', () => 'gone');
    const sent = (await callSend(sender.session, sender.wallet, call)).body as SendBody;
    await broadcast(app);
    for (const api of [first, second]) api.recover();
    await look(app);
    expect(await stateOf(sender, sent)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  it('that no endpoint takes is given to them again byte by byte, and is not sent when its time is over', async () => {
    const sender = await aSender();
    const before = await received();
    const call = await permitOnTon(sender, coins());
    const taken: string[] = [];
    for (const api of [first, second]) api.refuse('sendBoc', ({ boc }) => void taken.push(String(boc)));
    const sent = (await callSend(sender.session, sender.wallet, call)).body as SendBody;
    await broadcast(app);
    await look(app);
    app.clock.advance(10);
    await look(app);
    expect(taken).toHaveLength(4);
    expect(new Set(taken).size).toBe(1);
    expect((await stateOf(sender, sent)).state).toBe('broadcasting');

    network.time += LIFETIME + 30;
    // One endpoint alone says nothing.
    second.goAway();
    await look(app);
    expect((await stateOf(sender, sent)).state).toBe('broadcasting');
    for (const api of [first, second]) api.recover();
    await look(app);

    expect(await stateOf(sender, sent)).toMatchObject({ state: 'not-sent', outcome: null });
    await expect(network.take(Buffer.from(taken[0] ?? '', 'base64'))).rejects.toThrow('exitcode=136');
    expect(await received()).toBe(before);
    // The same key never sends again, and another one gets the seqno.
    expect((await callSend(sender.session, sender.wallet, call)).body).toMatchObject({ state: 'not-sent' });
    network.chain.now = undefined;
    expect(await sendOnTon(sender, coins())).toMatchObject({ nonce: 0 });
    await finish();
  });

  describe('beside one that lies', () => {
    it('about the seqno is not signed', async () => {
      const sender = await aSender();
      await sendOnTon(sender, coins());
      await finish();
      const call = await permitOnTon(sender, coins());
      const unused = (truth: object) => ({ ...truth, state: 'uninitialized', code: '', data: '' });
      for (const liar of [first, second]) {
        liar.lie('getAddressInformation', unused);
        expectProblem(await callSend(sender.session, sender.wallet, call), 503, 'send.nonce_unknown');
        liar.recover();
      }
      // Both together would have the wallet use one again that is used.
      for (const liar of [first, second]) liar.lie('getAddressInformation', unused);
      expectProblem(await callSend(sender.session, sender.wallet, call), 409, 'send.nonces_missing');
      for (const liar of [first, second]) liar.recover();
      expect((await callSend(sender.session, sender.wallet, call)).body).toMatchObject({ nonce: 1 });
      await finish();
    });
  });

  describe('of jettons', () => {
    async function aHolder() {
      const sender = await aSender();
      const token = await network.jetton('TEA');
      await network.mint(token, sender.address, 100n);
      const master = token.address.toRawString();
      const rule = { chain: TON, token: master, jetton: JETTON, walletPerDay: '100', allPerHour: '200' };
      await custody.reload({ ...OPEN_RULES, assets: [...OPEN_RULES.assets, rule] });
      const jettons = (amount: bigint, more: object = {}) => ({
        ...{
          kind: 'jetton',
          master,
          to: FRIEND,
          amount: String(amount),
          ...more,
        },
      });
      const unitsOf = async (owner: Address): Promise<bigint> => {
        const { stack } = await network.get(await network.walletOf(token, owner), 'get_wallet_data');
        return stack[0]?.type === 'int' ? stack[0].value : 0n;
      };
      return { sender, token, jettons, unitsOf };
    }

    it('moves them with a comment', async () => {
      const { sender, jettons, unitsOf } = await aHolder();
      const sent = await sendOnTon(sender, jettons(40n, { comment: 'for tea' }));
      expect(sent.details).toMatchObject({ maxFee: '120000000', method: 'transfer', text: 'for tea' });
      await finish();
      expect(await stateOf(sender, sent)).toMatchObject({ state: 'final', outcome: 'delivered' });
      expect([await unitsOf(Address.parse(FRIEND)), await unitsOf(sender.address)]).toEqual([40n, 60n]);
      const wanted = { kind: 'send', chainId: TON, request: jettons(61n) };
      expectProblem(await askForAct(sender.session, sender.wallet, wanted), 409, 'send.would_fail');
    });

    it('answers a parallel call of its key also where the first one took the token and all that there was', async () => {
      const { sender, jettons } = await aHolder();
      const call = await permitOnTon(sender, jettons(100n));
      const answers = [first, second].map((api) => api.delay());
      for (const api of [first, second]) api.asked.length = 0;
      const late = callSend(sender.session, sender.wallet, call).then(({ body }) => body as SendBody);
      await until(() => [first, second].some(({ asked }) => asked.length > 0));
      for (const api of [first, second]) api.recover();
      const sent = (await callSend(sender.session, sender.wallet, call)).body as SendBody;
      await finish();
      expect((await stateOf(sender, sent)).state).toBe('final');
      for (const answer of answers) answer();
      expect((await late).sendId).toBe(sent.sendId);
    });

    it('failed and says so when they bounce', async () => {
      const { sender, token, jettons, unitsOf } = await aHolder();
      const address = await network.walletOf(token, Address.parse(FRIEND));
      const broken = createShardAccount({ address, code: THROWING, data: Cell.EMPTY, balance: toNano('1') });
      await network.chain.setShardAccount(address, broken);
      const sent = await sendOnTon(sender, jettons(40n));
      await finish();
      expect(await stateOf(sender, sent)).toMatchObject({ state: 'failed', outcome: 'bounced' });
      expect(await unitsOf(sender.address)).toBe(100n);
    });

    it('is mined until the contracts on the way have answered, and has an unknown outcome after an hour of the chain', async () => {
      const { sender, token, jettons } = await aHolder();
      const sent = await sendOnTon(sender, jettons(40n));
      await broadcast(app);
      const receiver = (await network.walletOf(token, Address.parse(FRIEND))).toRawString().toLowerCase();
      for (const api of [first, second])
        api.lie('transactionsByMessage', ({ transactions }: { transactions: { account: string }[] }) => ({
          transactions: transactions.filter(({ account }) => account.toLowerCase() !== receiver),
        }));
      await look(app);
      expect(await stateOf(sender, sent)).toMatchObject({ state: 'mined', outcome: null });
      network.time += 3_600 + LIFETIME;
      await look(app);
      expect(await stateOf(sender, sent)).toMatchObject({ state: 'final', outcome: 'unknown' });
    });
  });

  it('of a collectible gives it to its new owner, and is refused to whose it is not', async () => {
    const [sender, other] = [await aSender(), await aSender()];
    const item = (await network.mintItem(await network.collection(), 0, sender.address)).toRawString();
    const request = { kind: 'collectible', item, to: FRIEND };
    const wanted = { kind: 'send', chainId: TON, request };
    expectProblem(await askForAct(other.session, other.wallet, wanted), 409, 'send.would_fail');
    const sent = await sendOnTon(sender, request);
    await finish();
    expect(await stateOf(sender, sent)).toMatchObject({ state: 'final', outcome: 'delivered' });
    const { stack } = await network.get(Address.parse(item), 'get_nft_data');
    const owner = stack[3]?.type === 'slice' ? stack[3].cell.beginParse().loadAddress() : null;
    expect(owner?.toRawString()).toBe(FRIEND);
  });

  it('is refused where nothing could be sent, and leaves nothing', async () => {
    const sender = await aSender();
    const ask = (request: object) =>
      askForAct(sender.session, sender.wallet, { kind: 'send', chainId: TON, request });
    const master = FRIEND;
    expectProblem(
      await ask({ kind: 'jetton', master, to: `0:${'ab'.repeat(32)}`, amount: '1' }),
      409,
      'send.would_fail',
    );
    expectProblem(
      await ask({ kind: 'token', token: FRIEND, to: FRIEND, amount: '1' }),
      400,
      'send.chain_unsupported',
    );
    expectProblem(await ask({ ...coins(), comment: '' }), 400, 'send.intent_malformed');
    const tooMuch = await permitOnTon(sender, coins(toNano('5')));
    expectProblem(await callSend(sender.session, sender.wallet, tooMuch), 409, 'send.funds_too_low');
    const sent = await sendOnTon(sender, coins());
    for (const kind of ['speed-up', 'cancel'] as const)
      expectProblem(
        await replaceSend(sender.session, sender.wallet, sent.sendId, kind),
        409,
        'send.not_replaceable',
      );
    await finish();
  });

  describe('of a wallet whose words another program has', () => {
    /** The wallet of the words, as another program has it. */
    async function exported(sender: TonSender): Promise<TonSigner> {
      const words = await exportWords(app, custody, sender.session, sender.wallet);
      const { ton } = deriveWalletKeys(Buffer.from(mnemonicToEntropy(words, wordlist)));
      const { publicKey, secretKey } = keyPairFromSeed(ton);
      const contract = WalletContractV5R1.create({ walletId: { networkGlobalId: -239 }, publicKey });
      expect(contract.address.toRawString()).toBe(sender.address.toRawString());
      return { contract, secretKey };
    }
    const spend = (signer: TonSigner) =>
      network.send(signer, internal({ to: Address.parse(FRIEND), value: 1n, bounce: false }));
    const isUsedElsewhere = async ({ session, wallet }: TonSender) =>
      ((await session.get(`/v1/wallets/${wallet.walletId}/embedded`)).body as { usedElsewhereAt: unknown })
        .usedElsewhereAt !== null;

    it('is noticed by the next send', async () => {
      const sender = await aSender();
      const signer = await exported(sender);
      expect(await isUsedElsewhere(sender)).toBe(false);
      await spend(signer);
      const sent = await sendOnTon(sender, coins());
      expect(sent.nonce).toBe(1);
      expect(await isUsedElsewhere(sender)).toBe(true);
      await finish();
    });

    it('is replaced when that program uses its seqno, after its time', async () => {
      const sender = await aSender();
      const signer = await exported(sender);
      for (const api of [first, second]) api.refuse('sendBoc', () => undefined);
      const sent = await sendOnTon(sender, coins());
      await broadcast(app);
      await spend(signer);
      await look(app);
      expect((await stateOf(sender, sent)).state).toBe('broadcasting');
      network.time += LIFETIME + 30;
      await look(app);
      expect(await stateOf(sender, sent)).toMatchObject({ state: 'replaced', replacedBy: null });
      expect(await isUsedElsewhere(sender)).toBe(true);
    });
  });

  it('has no address, amount, comment and hash in a dump and in the log', async () => {
    const sender = await aSender();
    const request = { ...coins(123_456_789n), comment: 'a secret comment' };
    const sent = await sendOnTon(sender, request);
    await finish();
    await look(app);
    const text = await dumpOfSends(app);
    const own = sender.address.hash.toString('hex');
    for (const secret of [
      own,
      'cd'.repeat(32),
      sender.wallet.address,
      '123456789',
      'secret comment',
      sent.versions[0]?.hash ?? '',
    ])
      expect(text).not.toContain(secret.toLowerCase());
  });

  it('leave no signature without an act', async () => {
    expect(await app.nest.get(JournalSeal).compare()).toMatchObject({ withoutAct: [] });
  });
});
