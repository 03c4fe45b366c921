import { Address, beginCell, Cell, toNano } from '@ton/core';
import { createShardAccount } from '@ton/sandbox';
import type { CoinSend, CollectibleSend, JettonSend } from '@countersign/ton-sends';
import type { TonLie } from '../support/ton/ton-api';
import { useTonSenders } from '../support/ton/ton-sending';
import type { Token } from '../support/ton/ton-network';

/** Code that throws 5 for each message. */
const THROWING = beginCell().storeUint(0xf205, 16).endCell();
const STRANGER = `0:${'cd'.repeat(32)}`;

describe('of a sent message', () => {
  const senders = useTonSenders();
  const {
    network,
    apis: [first, second],
  } = senders;

  /** With a wallet, and 100 units of a jetton. */
  async function aHolder() {
    const wallet = await senders.aWallet();
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
      const transfer = senders.signed(holder.wallet, jettons(holder, more));

      await senders.broadcast(transfer);

      expect(await senders.outcomeOf(holder.wallet, transfer)).toBe('delivered');
      expect(await unitsOf(holder.token, Address.parse(STRANGER))).toBe(40n);
    });

    it('are delivered to a contract that fails at the notice', async () => {
      const holder = await aHolder();
      const owner = new Address(0, Buffer.alloc(32, 0x77));
      await broken(owner);
      const transfer = senders.signed(holder.wallet, jettons(holder, { to: owner.toRawString() }));

      await senders.broadcast(transfer);

      expect(await senders.outcomeOf(holder.wallet, transfer)).toBe('delivered');
      expect(await unitsOf(holder.token, owner)).toBe(40n);
    });

    it('bounced when the jetton wallet of the receiver fails, and are back', async () => {
      const holder = await aHolder();
      await broken(await network.walletOf(holder.token, Address.parse(STRANGER)));
      const transfer = senders.signed(holder.wallet, jettons(holder));

      await senders.broadcast(transfer);

      expect(await senders.verdictOf(holder.wallet, transfer)).toBe('mined');
      expect(await senders.outcomeOf(holder.wallet, transfer)).toBe('bounced');
      expect(await unitsOf(holder.token, holder.wallet.contract.address)).toBe(100n);
    });

    it.each<[string, (holder: Holder) => JettonSend]>([
      ['are more than there are', (holder) => jettons(holder, { amount: 101n })],
      ['have too few coins for the way', (holder) => jettons(holder, { attached: toNano('0.01') })],
      ['have more coins than the wallet', (holder) => jettons(holder, { attached: toNano('6') })],
      ['are of a jetton wallet that does not exist', (holder) => jettons(holder, { jettonWallet: STRANGER })],
    ])('failed when they %s', async (_, send) => {
      const holder = await aHolder();
      const transfer = senders.signed(holder.wallet, send(holder));

      await senders.broadcast(transfer);

      expect(await senders.verdictOf(holder.wallet, transfer)).toBe('mined');
      expect(await senders.outcomeOf(holder.wallet, transfer)).toBe('failed');
      expect(await unitsOf(holder.token, holder.wallet.contract.address)).toBe(100n);
    });

    it('are unknown while a transaction of the way is missing', async () => {
      const holder = await aHolder();
      const transfer = senders.signed(holder.wallet, jettons(holder));
      await senders.broadcast(transfer);
      const receiver = await network.walletOf(holder.token, Address.parse(STRANGER));

      for (const missing of [holder.wallet.contract.address, holder.jettonWallet, receiver]) {
        const isThere = ({ account }: Listed): boolean => account.toLowerCase() !== missing.toRawString();
        for (const api of [first, second])
          api.lie(
            'transactionsByMessage',
            changed((all) => all.filter(isThere)),
          );

        expect(await senders.outcomeOf(holder.wallet, transfer)).toBe('unknown');
      }
    });

    it('are unknown when one of two indexers says that they came, or failed', async () => {
      const [came, failed] = [await aHolder(), await aHolder()];
      const [one, other] = [
        senders.signed(came.wallet, jettons(came)),
        senders.signed(failed.wallet, jettons(failed, { amount: 101n })),
      ];
      for (const transfer of [one, other]) await senders.broadcast(transfer);
      const saying = (isDone: boolean): TonLie =>
        changed((all) =>
          all.map((transaction) => ({
            ...transaction,
            description: { aborted: !isDone, compute_ph: { success: isDone }, action: { success: isDone } },
          })),
        );
      first.lie('transactionsByMessage', saying(false));
      expect(await senders.outcomeOf(came.wallet, one)).toBe('unknown');
      first.lie('transactionsByMessage', saying(true));
      expect(await senders.outcomeOf(failed.wallet, other)).toBe('unknown');
    });
  });

  describe('coins', () => {
    it.each<[string, Partial<CoinSend>, string]>([
      ['without a contract, and stay', { bounce: false }, 'delivered'],
      ['without a contract, and come back', {}, 'bounced'],
    ])('went to an account %s', async (_, more, outcome) => {
      const wallet = await senders.aWallet();
      const to = `0:${wallet.contract.address.hash.toString('hex').slice(0, 62)}00`;
      const transfer = senders.signed(wallet, coins({ to, ...more }));

      await senders.broadcast(transfer);

      expect(await senders.outcomeOf(wallet, transfer)).toBe(outcome);
      const isThere = (await network.balanceOf(Address.parse(to))) > 0n;
      expect(isThere).toBe(outcome === 'delivered');
    });

    it.each<[boolean, string]>([
      [true, 'bounced'],
      [false, 'delivered'],
    ])('went to a contract that fails, with bounce %s: %s', async (bounce, outcome) => {
      const wallet = await senders.aWallet();
      const to = new Address(0, Buffer.alloc(32, bounce ? 0x78 : 0x79));
      await broken(to);
      const transfer = senders.signed(wallet, coins({ to: to.toRawString(), bounce }));

      await senders.broadcast(transfer);

      expect(await senders.outcomeOf(wallet, transfer)).toBe(outcome);
    });

    it('failed when the wallet has fewer: its seqno is used all the same', async () => {
      const wallet = await senders.aWallet();
      const transfer = senders.signed(wallet, coins({ amount: toNano('5') }));

      await senders.broadcast(transfer);

      expect(await senders.verdictOf(wallet, transfer)).toBe('mined');
      expect(await senders.outcomeOf(wallet, transfer)).toBe('failed');
    });
  });

  describe('a collectible', () => {
    it.each([
      ['is delivered by its owner', true],
      ['failed when another wallet sends it', false],
    ])('%s', async (_, isOwner) => {
      const wallet = await senders.aWallet();
      const collection = await network.collection();
      const owner = isOwner ? wallet.contract.address : new Address(0, Buffer.alloc(32, 0x7a));
      const item = await network.mintItem(collection, 0, owner);
      const send: CollectibleSend = {
        ...{ kind: 'collectible', item: item.toRawString(), to: STRANGER },
        ...{ attached: toNano('0.1'), forward: 1n, responseTo: wallet.address, queryId: 7n },
      };
      const transfer = senders.signed(wallet, send);

      await senders.broadcast(transfer);

      expect(await senders.outcomeOf(wallet, transfer)).toBe(isOwner ? 'delivered' : 'failed');
    });
  });
});

interface Listed {
  readonly account: string;
}

function changed(work: (transactions: readonly Listed[]) => readonly object[]): TonLie {
  return ({ transactions }: { readonly transactions: readonly Listed[] }) => ({
    transactions: work(transactions),
  });
}
