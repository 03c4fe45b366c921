import { beginCell } from '@ton/core';
import { messageOf, tonTransferPayload, type TonMessage, type TonSend } from '@countersign/transfers';
import { showTonAddress } from '@countersign/wallet-proofs';
import type { ActContext } from '../wallet-act';
import { decodeTonTransfer } from './ton-acts';

const raw = (byte: string): string => `0:${byte.repeat(32)}`;
const [WALLET, STRANGER, MASTER, OWN_JETTONS, ITEM] = ['ab', 'cd', '34', 'ef', '12'].map(raw) as [
  string,
  string,
  string,
  string,
  string,
];
const shown = (address: string): string => showTonAddress(address, { isTest: false });
const context: ActContext = {
  ...{ chain: 'ton:-239', address: WALLET, now: new Date(0) },
  ...{ domains: [], allowedCalls: [], jettons: new Map([[OWN_JETTONS, MASTER]]) },
};

const coin: TonSend = {
  kind: 'coin',
  to: STRANGER,
  amount: 1_500_000_000n,
  bounce: false,
  comment: 'for tea',
};
const attached = { attached: 50_000_000n, forward: 1n, responseTo: WALLET, queryId: 7n };
const jetton: TonSend = {
  kind: 'jetton',
  jettonWallet: OWN_JETTONS,
  to: STRANGER,
  amount: 5n,
  comment: 'for cake',
  ...attached,
};
const item: TonSend = { kind: 'collectible', item: ITEM, to: STRANGER, ...attached };

const payloadOf = (...messages: readonly TonMessage[]): Buffer =>
  tonTransferPayload({ network: -239, seqno: 3, validUntil: 1_800_000_000, messages });
const decode = (payload: Buffer, given = context) =>
  decodeTonTransfer({ kind: 'ton-transfer', payload: payload.toString('base64') }, given);
const spend = {
  ...{ kind: 'transfer', tokenId: null, isAmountOrTokenId: false, isCollectible: false },
  ...{ owner: WALLET, deadline: null },
};

describe('a transfer of TON', () => {
  it('is decoded from the bytes that are signed', () => {
    const payload = payloadOf(...[coin, jetton, item].map(messageOf));
    expect(decode(payload)).toEqual({
      ok: true,
      value: {
        ...{ payload, contract: MASTER, method: 'transfer' },
        ...{ text: 'for tea\nfor cake', maxFee: 150_000_000n },
        spends: [
          { ...spend, token: null, amount: 1_500_000_000n, to: STRANGER },
          { ...spend, token: MASTER, amount: 5n, to: STRANGER },
          { ...spend, token: null, amount: 50_000_000n, to: OWN_JETTONS },
          { ...spend, token: ITEM, amount: 1n, to: STRANGER, isCollectible: true },
          { ...spend, token: null, amount: 50_000_000n, to: ITEM },
        ],
        summary: [
          `Send 1.5 coins of ton:-239 of ${shown(WALLET)} to ${shown(STRANGER)}.`,
          `Send 5 units of the token ${shown(MASTER)} of ${shown(WALLET)} to ${shown(STRANGER)}.`,
          `Send 0.05 coins of ton:-239 of ${shown(WALLET)} to ${shown(OWN_JETTONS)}.`,
          'What is left of these coins comes back.',
          `Send the collectible ${shown(ITEM)} to ${shown(STRANGER)}.`,
          `Send 0.05 coins of ton:-239 of ${shown(WALLET)} to ${shown(ITEM)}.`,
          'What is left of these coins comes back.',
        ],
      },
    });
  });

  it('names the jetton wallet itself where its master is not known', () => {
    expect(decode(payloadOf(messageOf({ ...jetton, jettonWallet: ITEM })))).toMatchObject({
      value: { contract: ITEM, spends: [{ token: ITEM, amount: 5n, isCollectible: false }, {}] },
    });
  });

  it('has addresses of the test network there', () => {
    const payload = tonTransferPayload({
      ...{ network: -3, seqno: 0, validUntil: 1, messages: [messageOf(coin)] },
    });

    expect(decode(payload, { ...context, chain: 'ton:-3' })).toMatchObject({
      value: { summary: [expect.stringContaining(showTonAddress(STRANGER, { isTest: true }))] },
    });
  });

  const unknownCall = beginCell().storeUint(0x595f07bc, 32).storeUint(0, 64).storeCoins(5).endCell();
  const undecoded = { ...messageOf(jetton), body: unknownCall };
  const back = { responseTo: STRANGER };
  const unreadable = messageOf({ ...coin, comment: 'pay \u202e' });
  it.each<[string, Buffer, string]>([
    ['what is none', Buffer.alloc(32), 'act_malformed'],
    ['a message that is not decoded', payloadOf(undecoded), 'act_undecoded'],
    ['one of two that is not decoded', payloadOf(messageOf(coin), undecoded), 'act_undecoded'],
    ['jettons of a master', payloadOf(messageOf({ ...jetton, jettonWallet: MASTER })), 'act_undecoded'],
    ['coins back to another wallet', payloadOf(messageOf({ ...jetton, ...back })), 'act_undecoded'],
    ['coins of a collectible back to another', payloadOf(messageOf({ ...item, ...back })), 'act_undecoded'],
    ['coins that the new owner gets', payloadOf(messageOf({ ...jetton, forward: 2n })), 'act_undecoded'],
    ['coins for a new owner', payloadOf(messageOf({ ...item, forward: 2n })), 'act_undecoded'],
    ['a comment that orders text anew', payloadOf(unreadable), 'message_unreadable'],
  ])('is refused for %s', (_, payload, code) => {
    expect(decode(payload)).toMatchObject({ ok: false, code: `wallet.${code}` });
  });

  it('is refused for another network', () => {
    expect(decode(payloadOf(messageOf(coin)), { ...context, chain: 'ton:-3' })).toEqual({
      ok: false,
      code: 'wallet.chain_mismatch',
    });
  });
});
