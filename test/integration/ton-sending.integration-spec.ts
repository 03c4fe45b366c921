import { Address, beginCell, toNano } from '@ton/core';
import { agreedSeqno } from '@countersign/chains';
import type { TonSend } from '@countersign/ton-sends';
import { times } from '../factories';
import { withChains } from '../support/chains';
import type { TonLie } from '../support/ton/ton-api';
import { NotTaken } from '../support/ton/ton-network';
import { TON } from '../support/ton/ton-owner';
import { useTonSenders } from '../support/ton/ton-sending';
import { aTonWallet } from '../support/wallets';

const STRANGER = `0:${'cd'.repeat(32)}`;
const someCoins: TonSend = {
  kind: 'coin',
  to: STRANGER,
  amount: toNano('1'),
  bounce: false,
  comment: 'for tea',
};

describe('a transfer of TON', () => {
  const senders = useTonSenders();
  const {
    network,
    apis: [first, second],
  } = senders;

  describe('is waiting while one of two', () => {
    const lies = [
      ['endpoints says that its time is over', 'getAddressInformation', { sync_utime: 4_000_000_000 }],
      ['endpoints has no time', 'getAddressInformation', { sync_utime: null }],
      ['endpoints has another contract', 'getAddressInformation', { state: 'frozen', code: '', data: '' }],
    ] as const;
    it.each(lies)('%s', async (_, method, lie) => {
      const wallet = await senders.aWallet();
      const transfer = senders.signed(wallet, someCoins);
      for (const liar of [first, second]) {
        liar.lie(method, (truth: object) => ({ ...truth, ...lie }));

        expect(await senders.verdictOf(wallet, transfer)).toBe('waiting');
        liar.recover();
      }
    });

    it('endpoints hides that it is over or unused', async () => {
      const wallet = await senders.aWallet();
      const transfer = senders.signed(wallet, someCoins);
      senders.passTimeOf(transfer);
      for (const liar of [first, second])
        for (const lie of [{ sync_utime: transfer.validUntil }, { state: 'frozen' }, { state: 'active' }]) {
          liar.lie('getAddressInformation', (truth: object) => ({ ...truth, ...lie }));

          expect(await senders.verdictOf(wallet, transfer)).toBe('waiting');
          liar.recover();
        }
    });

    it('endpoints hides that its seqno is used', async () => {
      const wallet = await senders.aWallet();
      const [lost, other] = [
        senders.signed(wallet, someCoins),
        senders.signed(wallet, { ...someCoins, amount: 1n }),
      ];
      await senders.broadcast(other);
      senders.passTimeOf(lost);
      for (const liar of [first, second]) {
        liar.lie('getAddressInformation', (truth: object) => ({ ...truth, state: 'uninitialized' }));

        expect(agreedSeqno(await senders.stateOf(wallet))).toBeNull();
        expect(await senders.verdictOf(wallet, lost)).toBe('waiting');
        liar.recover();
      }
    });

    it.each<[string, TonLie]>([
      ['hides it', () => ({ transactions: [] })],
      ['has another transaction of it', changed({ hash: Buffer.alloc(32, 9).toString('base64') })],
      ['has it not final', changed({ finality: 'pending' })],
      ['has it as an emulation', changed({ emulated: true })],
      ['has it at another account', changed({ account: STRANGER })],
      ['answers no transactions', () => ({})],
    ])('indexers %s', async (_, lie) => {
      const wallet = await senders.aWallet();
      const transfer = senders.signed(wallet, someCoins);
      await senders.broadcast(transfer);
      for (const liar of [first, second]) {
        liar.lie('transactionsByMessage', lie);

        expect(await senders.verdictOf(wallet, transfer)).toBe('waiting');
        expect(await senders.outcomeOf(wallet, transfer)).toBe('unknown');
        liar.recover();
      }
      expect(await senders.verdictOf(wallet, transfer)).toBe('mined');
    });

    it('indexers has the transaction of another transfer', async () => {
      const wallet = await senders.aWallet();
      const [mine, other] = [
        senders.signed(wallet, someCoins),
        senders.signed(wallet, { ...someCoins, amount: 1n }),
      ];
      await senders.broadcast(other);
      const foreign = await fetch(`${first.indexerUrl}/transactionsByMessage?msg_hash=${other.hash}`);
      const answer: unknown = await foreign.json();
      first.lie('transactionsByMessage', () => answer);

      const lookUps = await senders.lookUp(wallet, mine);

      expect(lookUps.map((one) => one.answer.transaction)).toEqual([null, null]);
    });
  });

  it.each<[string, number, string, string, unknown]>([
    [
      'of a busy liteserver',
      500,
      '{"ok":false,"error":"LITE_SERVER_NOTREADY: block is not applied","code":500}',
      'unknown',
      'LITE_SERVER_NOTREADY: block is not applied',
    ],
    [
      'of an account without coins, without its address',
      500,
      JSON.stringify({ ok: false, error: new NotTaken(undefined).message, code: 500 }),
      'no-coins',
      'LITE_SERVER_UNKNOWN: cannot apply external message to current state : External message was not accepted Cannot run message on account: inbound external message rejected by account * before smart-contract execution',
    ],
    [
      'that names a key and an address',
      500,
      `{"ok":false,"error":"no route to https://host/?api_key=${'k3y'.repeat(12)} for EQ${'A'.repeat(46)}","code":500}`,
      'unknown',
      'no route to https://host/?api_key=* for *',
    ],
    ['that is none', 200, '[]', 'no-answer', 'not_an_answer'],
  ])('gets an answer %s', async (_, status, body, outcome, text) => {
    const wallet = await senders.aWallet();
    // An endpoint that asks for fewer requests gets none for a while.
    await withChains(senders.configured, async ({ tonSending: sending, chains }) => {
      await sending.wallet(chains.get(TON), wallet.address);
      second.respond(status, body);

      const [, answer] = await sending.broadcast(TON, senders.signed(wallet, someCoins).boc);

      expect(answer).toMatchObject({ index: 1, answer: { outcome, text } });
    });
  });

  it('is given to endpoints before they are asked about others', async () => {
    const wallet = await senders.aWallet();
    const paced = senders.configured.map((chain) => ({
      ...chain,
      requestsPerSecond: 5,
      timeLimitMs: 10_000,
    }));
    await withChains(paced, async ({ tonSending: sending, chains }) => {
      const chain = chains.get(TON);
      await sending.wallet(chain, wallet.address);
      first.asked.length = 0;
      const others = times(10, () => sending.wallet(chain, wallet.address, 'follow'));

      await Promise.all([...others, sending.broadcast(TON, senders.signed(wallet, someCoins).boc)]);

      expect(first.asked.indexOf('sendBoc')).toBeLessThan(8);
    });
  });

  describe('of an asset', () => {
    it('has the jetton wallet that the master names at both endpoints, where that has enough', async () => {
      const { contract, address } = await senders.aWallet();
      const token = await network.jetton('TEA');
      await network.mint(token, contract.address, 100n);
      const [master, own] = [token.address.toRawString(), await network.walletOf(token, contract.address)];
      const ask = (amount = 100n) => senders.holderOf(address, { master, amount });

      expect(await ask()).toBe(own.toRawString());
      expect(await ask(101n)).toBeNull();
      expect(await senders.holderOf(address, { master: STRANGER, amount: 1n })).toBeNull();
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
      const [{ contract, address }, other] = [await senders.aWallet(), await senders.aWallet()];
      const item = (await network.mintItem(await network.collection(), 0, contract.address)).toRawString();

      expect(await senders.holderOf(address, { item })).toBe(item);
      expect(await senders.holderOf(other.address, { item })).toBeNull();
      expect(await senders.holderOf(address, { item: STRANGER })).toBeNull();
    });
  });

  it('of another wallet contract has no seqno', async () => {
    const { contract, secretKey } = aTonWallet('v4');
    await network.deploy({ contract, secretKey });

    const states = await senders.stateOf({ contract, secretKey, address: contract.address.toRawString() });

    expect(states.map(({ answer }) => answer)).toMatchObject([
      { state: 'active', seqno: null },
      { state: 'active', seqno: null },
    ]);
    expect(agreedSeqno(states)).toBeNull();
  });
});

function changed(fields: object): TonLie {
  return ({ transactions }: { readonly transactions: readonly object[] }) => ({
    transactions: transactions.map((one) => ({ ...one, ...fields })),
  });
}
