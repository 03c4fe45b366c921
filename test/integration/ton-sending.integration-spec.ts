import { Address, beginCell, Cell, toNano } from '@ton/core';
import { sign } from '@ton/crypto';
import { createShardAccount } from '@ton/sandbox';
import { agreedSeqno, type TonAsset } from '@countersign/chains';
import {
  decideTonSend,
  messageOf,
  tonExternalMessage,
  tonTransferPayload,
  type CoinSend,
  type CollectibleSend,
  type JettonSend,
  type TonSend,
} from '@countersign/transfers';
import { RunningChains, withChains } from '../support/chains';
import { useTonApi, type TonLie } from '../support/ton/ton-api';
import { NotTaken, TonNetwork, type Token } from '../support/ton/ton-network';
import { TON, tonChains } from '../support/ton/ton-owner';
import { useFixture } from '../support/use-fixture';
import { aTonWallet } from '../support/wallets';

/** Code that throws 5 for each message. */
const THROWING = beginCell().storeUint(0xf205, 16).endCell();
const STRANGER = `0:${'cd'.repeat(32)}`;
const LIFETIME_SECONDS = 60;
const someCoins: TonSend = {
  kind: 'coin',
  to: STRANGER,
  amount: toNano('1'),
  bounce: false,
  comment: 'for tea',
};

/** Wallets that send in a sandboxed network, seen through two endpoints and indexers. */
const network = useFixture(() => TonNetwork.create());
const [first, second] = [useTonApi(network), useTonApi(network)];
const configured = (): readonly object[] =>
  (JSON.parse(tonChains([first, second])) as { readonly chains: readonly object[] }).chains;
const running = useFixture(() => RunningChains.start(configured()), { close: (chains) => chains.close() });
const chainOfTon = () => running.chains.get(TON);

type OwnWallet = Pick<ReturnType<typeof aTonWallet>, 'contract' | 'secretKey'> & { readonly address: string };
type Signed = ReturnType<typeof signed>;

/** With five coins, and without a contract yet. */
async function aWallet(): Promise<OwnWallet> {
  const { contract, secretKey } = aTonWallet('v5r1');
  await network.pay(contract.address, toNano('5'));
  return { contract, secretKey, address: contract.address.toRawString() };
}

function signed({ contract, secretKey, address }: OwnWallet, send: TonSend) {
  const message = messageOf(send);
  const validUntil = network.time + LIFETIME_SECONDS;
  const payload = tonTransferPayload({ network: -239, seqno: 0, validUntil, messages: [message] });
  const signature = sign(Cell.fromBoc(payload)[0]?.hash() ?? Buffer.alloc(0), secretKey);
  const made = tonExternalMessage(address, payload, signature, contract.init);
  return { ...made, seqno: 0, validUntil, message };
}

const broadcast = ({ boc }: Signed) => running.tonSending.broadcast(chainOfTon(), `0x${boc.toString('hex')}`);
const stateOf = ({ address }: OwnWallet) => running.tonSending.wallet(chainOfTon(), address);
const lookUp = ({ address: wallet }: OwnWallet, { hash }: Signed) =>
  running.tonSending.lookUp(chainOfTon(), { wallet, hash });
const holderOf = (owner: string, asset: TonAsset) => running.tonSending.holderOf(chainOfTon(), owner, asset);
const outcomeOf = ({ address: wallet }: OwnWallet, { hash, message }: Signed) =>
  running.tonSending.outcome(chainOfTon(), { wallet, hash, message });

async function verdictOf(wallet: OwnWallet, transfer: Signed) {
  const [states, lookUps] = [await stateOf(wallet), await lookUp(wallet, transfer)];
  return decideTonSend(
    transfer,
    states.map(({ answer }) => answer),
    lookUps.map(({ answer }) => answer),
  );
}

interface Listed {
  readonly account: string;
}

const changed =
  (work: (transactions: readonly Listed[]) => readonly object[]): TonLie =>
  ({ transactions }: { readonly transactions: readonly Listed[] }) => ({ transactions: work(transactions) });
const edited = (fields: object): TonLie => changed((all) => all.map((one) => ({ ...one, ...fields })));

describe('a transfer of TON', () => {
  describe('is waiting while one of two', () => {
    it.each<[string, TonLie]>([
      ['hides it', () => ({ transactions: [] })],
      ['has another transaction of it', edited({ hash: Buffer.alloc(32, 9).toString('base64') })],
      ['has it not final', edited({ finality: 'pending' })],
      ['has it as an emulation', edited({ emulated: true })],
      ['has it at another account', edited({ account: STRANGER })],
      ['answers no transactions', () => ({})],
    ])('indexers %s', async (_, lie) => {
      const wallet = await aWallet();
      const transfer = signed(wallet, someCoins);
      await broadcast(transfer);
      for (const liar of [first, second]) {
        liar.lie('transactionsByMessage', lie);

        expect(await verdictOf(wallet, transfer)).toBe('waiting');
        expect(await outcomeOf(wallet, transfer)).toBe('unknown');
        liar.recover();
      }
      expect(await verdictOf(wallet, transfer)).toBe('mined');
    });

    it('indexers has the transaction of another transfer', async () => {
      const wallet = await aWallet();
      const [mine, other] = [signed(wallet, someCoins), signed(wallet, { ...someCoins, amount: 1n })];
      await broadcast(other);
      const foreign = await fetch(`${first.indexerUrl}/transactionsByMessage?msg_hash=${other.hash}`);
      const answer: unknown = await foreign.json();
      first.lie('transactionsByMessage', () => answer);

      const lookUps = await lookUp(wallet, mine);

      expect(lookUps.map((one) => one.answer.transaction)).toEqual([null, null]);
    });
  });

  it.each<[string, number, string, string, unknown]>([
    [
      'of a busy liteserver',
      500,
      '{"ok":false,"error":"LITE_SERVER_NOTREADY: block is not applied","code":500}',
      'refused',
      'LITE_SERVER_NOTREADY: block is not applied',
    ],
    [
      'of an account without coins, without its address',
      500,
      JSON.stringify({ ok: false, error: new NotTaken(undefined).message, code: 500 }),
      'refused',
      'LITE_SERVER_UNKNOWN: cannot apply external message to current state : External message was not accepted Cannot run message on account: inbound external message rejected by account * before smart-contract execution',
    ],
    [
      'that names a key and an address',
      500,
      `{"ok":false,"error":"no route to https://host/?api_key=${'k3y'.repeat(12)} for EQ${'A'.repeat(46)}","code":500}`,
      'refused',
      'no route to https://host/?api_key=* for *',
    ],
    ['that is none', 200, '[]', 'unanswered', 'not_an_answer'],
  ])('gets an answer %s', async (_, status, body, read, words) => {
    const wallet = await aWallet();
    // An endpoint that asks for fewer requests gets none for a while.
    await withChains(configured(), async ({ tonSending: sending, chains }) => {
      await sending.wallet(chains.get(TON), wallet.address);
      second.respond(status, body);

      const raw = `0x${signed(wallet, someCoins).boc.toString('hex')}`;
      const [, answer] = await sending.broadcast(chains.get(TON), raw);

      expect(answer).toMatchObject({ node: 1, answer: read, words });
    });
  });

  describe('of an asset', () => {
    it('has the jetton wallet that the master names at both endpoints, where that has enough', async () => {
      const { contract, address } = await aWallet();
      const token = await network.jetton('TEA');
      await network.mint(token, contract.address, 100n);
      const [master, own] = [token.address.toRawString(), await network.walletOf(token, contract.address)];
      const ask = (amount = 100n) => holderOf(address, { master, amount });

      expect(await ask()).toBe(own.toRawString());
      expect(await ask(101n)).toBeNull();
      expect(await holderOf(address, { master: STRANGER, amount: 1n })).toBeNull();
      for (const liar of [first, second]) {
        const another = beginCell().storeAddress(Address.parse(STRANGER)).endCell();
        const bytes = another.toBoc().toString('base64');
        liar.lie('runGetMethod', () => ({ exit_code: 0, stack: [['cell', { bytes }]] }));
        await expect(ask()).rejects.toMatchObject({ code: 'chain.unavailable' });
        liar.recover();
      }
      first.goAway();
      await expect(ask()).rejects.toMatchObject({ code: 'chain.unavailable' });
    });

    it('has the item where both endpoints name its owner', async () => {
      const [{ contract, address }, other] = [await aWallet(), await aWallet()];
      const item = (await network.mintItem(await network.collection(), 0, contract.address)).toRawString();

      expect(await holderOf(address, { item })).toBe(item);
      expect(await holderOf(other.address, { item })).toBeNull();
      expect(await holderOf(address, { item: STRANGER })).toBeNull();
    });
  });

  it('of another wallet contract has no seqno', async () => {
    const { contract, secretKey } = aTonWallet('v4');
    await network.deploy({ contract, secretKey });

    const states = await stateOf({ contract, secretKey, address: contract.address.toRawString() });

    expect(states.map(({ answer }) => answer)).toMatchObject([
      { state: 'active', seqno: null },
      { state: 'active', seqno: null },
    ]);
    expect(agreedSeqno(states)).toBeNull();
  });
});

describe('of a sent message', () => {
  /** With a wallet, and 100 units of a jetton. */
  async function aHolder() {
    const wallet = await aWallet();
    const token = await network.jetton('TEA');
    await network.mint(token, wallet.contract.address, 100n);
    return { wallet, token, jettonWallet: await network.walletOf(token, wallet.contract.address) };
  }
  type Holder = Awaited<ReturnType<typeof aHolder>>;

  const jettons = ({ wallet, jettonWallet }: Holder, more: Partial<JettonSend> = {}): JettonSend => ({
    ...{ kind: 'jetton', jettonWallet: jettonWallet.toRawString(), to: STRANGER, amount: 40n },
    ...{ attached: toNano('0.1'), forward: 1n, responseTo: wallet.address, queryId: 7n, comment: 'for tea' },
    ...more,
  });
  const coins = (more: Partial<CoinSend> = {}): CoinSend => ({
    ...{ kind: 'coin', to: STRANGER, amount: toNano('1'), bounce: true, comment: null },
    ...more,
  });

  const unitsOf = async (token: Token, owner: Address): Promise<bigint> => {
    const { stack } = await network.get(await network.walletOf(token, owner), 'get_wallet_data');
    return stack[0]?.type === 'int' ? stack[0].value : 0n;
  };

  async function broken(address: Address): Promise<void> {
    const account = createShardAccount({ address, code: THROWING, data: Cell.EMPTY, balance: toNano('1') });
    await network.chain.setShardAccount(address, account);
  }

  describe('jettons', () => {
    it.each<[string, Partial<JettonSend>]>([
      ['with a notice', {}],
      ['without a notice', { forward: 0n, comment: null }],
    ])('are delivered when the jetton wallet of the receiver took them, %s', async (_, more) => {
      const holder = await aHolder();
      const transfer = signed(holder.wallet, jettons(holder, more));

      await broadcast(transfer);

      expect(await outcomeOf(holder.wallet, transfer)).toBe('delivered');
      expect(await unitsOf(holder.token, Address.parse(STRANGER))).toBe(40n);
    });

    it('are delivered to a contract that fails at the notice', async () => {
      const holder = await aHolder();
      const owner = new Address(0, Buffer.alloc(32, 0x77));
      await broken(owner);
      const transfer = signed(holder.wallet, jettons(holder, { to: owner.toRawString() }));

      await broadcast(transfer);

      expect(await outcomeOf(holder.wallet, transfer)).toBe('delivered');
      expect(await unitsOf(holder.token, owner)).toBe(40n);
    });

    it.each<[string, (holder: Holder) => JettonSend]>([
      ['are more than there are', (holder) => jettons(holder, { amount: 101n })],
      ['have too few coins for the way', (holder) => jettons(holder, { attached: toNano('0.01') })],
      ['have more coins than the wallet', (holder) => jettons(holder, { attached: toNano('6') })],
      ['are of a jetton wallet that does not exist', (holder) => jettons(holder, { jettonWallet: STRANGER })],
    ])('failed when they %s', async (_, send) => {
      const holder = await aHolder();
      const transfer = signed(holder.wallet, send(holder));

      await broadcast(transfer);

      expect(await verdictOf(holder.wallet, transfer)).toBe('mined');
      expect(await outcomeOf(holder.wallet, transfer)).toBe('failed');
      expect(await unitsOf(holder.token, holder.wallet.contract.address)).toBe(100n);
    });

    it('are unknown while a transaction of the way is missing', async () => {
      const holder = await aHolder();
      const transfer = signed(holder.wallet, jettons(holder));
      await broadcast(transfer);
      const receiver = await network.walletOf(holder.token, Address.parse(STRANGER));

      for (const missing of [holder.wallet.contract.address, holder.jettonWallet, receiver]) {
        const isThere = ({ account }: Listed): boolean => account.toLowerCase() !== missing.toRawString();
        for (const api of [first, second])
          api.lie(
            'transactionsByMessage',
            changed((all) => all.filter(isThere)),
          );

        expect(await outcomeOf(holder.wallet, transfer)).toBe('unknown');
      }
    });

    it('are unknown when one of two indexers says that they came, or failed', async () => {
      const [came, failed] = [await aHolder(), await aHolder()];
      const [one, other] = [
        signed(came.wallet, jettons(came)),
        signed(failed.wallet, jettons(failed, { amount: 101n })),
      ];
      for (const transfer of [one, other]) await broadcast(transfer);
      const saying = (isDone: boolean): TonLie =>
        changed((all) =>
          all.map((transaction) => ({
            ...transaction,
            description: { aborted: !isDone, compute_ph: { success: isDone }, action: { success: isDone } },
          })),
        );
      first.lie('transactionsByMessage', saying(false));
      expect(await outcomeOf(came.wallet, one)).toBe('unknown');
      first.lie('transactionsByMessage', saying(true));
      expect(await outcomeOf(failed.wallet, other)).toBe('unknown');
    });
  });

  describe('coins', () => {
    it.each<[string, Partial<CoinSend>, string]>([
      ['without a contract, and stay', { bounce: false }, 'delivered'],
      ['without a contract, and come back', {}, 'bounced'],
    ])('went to an account %s', async (_, more, outcome) => {
      const wallet = await aWallet();
      const to = new Address(0, Buffer.alloc(32, outcome === 'delivered' ? 0x7b : 0x7c));
      const transfer = signed(wallet, coins({ to: to.toRawString(), ...more }));

      await broadcast(transfer);

      expect(await outcomeOf(wallet, transfer)).toBe(outcome);
      const isThere = (await network.balanceOf(to)) > 0n;
      expect(isThere).toBe(outcome === 'delivered');
    });

    it.each<[boolean, string]>([
      [true, 'bounced'],
      [false, 'delivered'],
    ])('went to a contract that fails, with bounce %s: %s', async (bounce, outcome) => {
      const wallet = await aWallet();
      const to = new Address(0, Buffer.alloc(32, bounce ? 0x78 : 0x79));
      await broken(to);
      const transfer = signed(wallet, coins({ to: to.toRawString(), bounce }));

      await broadcast(transfer);

      expect(await outcomeOf(wallet, transfer)).toBe(outcome);
    });

    it('failed when the wallet has fewer: its seqno is used all the same', async () => {
      const wallet = await aWallet();
      const transfer = signed(wallet, coins({ amount: toNano('5') }));

      await broadcast(transfer);

      expect(await verdictOf(wallet, transfer)).toBe('mined');
      expect(await outcomeOf(wallet, transfer)).toBe('failed');
    });
  });

  describe('a collectible', () => {
    it('failed when another wallet than that of its owner sends it', async () => {
      const wallet = await aWallet();
      const collection = await network.collection();
      const item = await network.mintItem(collection, 0, new Address(0, Buffer.alloc(32, 0x7a)));
      const send: CollectibleSend = {
        ...{ kind: 'collectible', item: item.toRawString(), to: STRANGER },
        ...{ attached: toNano('0.1'), forward: 1n, responseTo: wallet.address, queryId: 7n },
      };
      const transfer = signed(wallet, send);

      await broadcast(transfer);

      expect(await outcomeOf(wallet, transfer)).toBe('failed');
    });
  });
});
