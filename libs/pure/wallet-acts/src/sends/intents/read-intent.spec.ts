import { showTonAddress } from '@countersign/wallet-proofs';
import { readSendIntent, type Sender } from './read-intent';

const WALLET = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const TO = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const TOKEN = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
const ZERO = `0x${'0'.repeat(40)}`;
const MAX = 2n ** 256n - 1n;
const onEthereum: Sender = { chain: 'eip155:1', address: WALLET };

const RAW = (byte: string): string => `0:${byte.repeat(32)}`;
const onTon: Sender = { chain: 'ton:-239', address: RAW('ab') };

const coin = { kind: 'coin', to: TO, amount: '5' };
const token = { kind: 'token', token: TOKEN, to: TO, amount: '5' };
const collectible = { kind: 'collectible', standard: 'erc721', contract: TOKEN, tokenId: '0', to: TO };
const several = { ...collectible, standard: 'erc1155' };
const shown = (isTest: boolean): string => showTonAddress(RAW('cd'), { isTest });
const call = { kind: 'call', contract: TOKEN, data: '0xA9059cbb', value: '0' };
const tonCoin = { kind: 'coin', to: RAW('cd'), amount: '5' };
const jetton = { kind: 'jetton', master: RAW('ef'), to: RAW('cd'), amount: '5', comment: 'Thanks 👍' };
const item = { kind: 'collectible', item: RAW('ef'), to: RAW('cd') };

/** The code and field of the refusal, without `send.`; null for an intent that is read. */
function refusal(json: unknown, sender: Sender): string | null {
  const read = readSendIntent(json, sender);
  return read.ok ? null : [read.code.replace('send.', ''), read.detail].filter(Boolean).join(' ');
}

describe('an intent', () => {
  it.each([
    [coin, onEthereum, { ...coin, amount: 5n }],
    [{ ...coin, amount: String(MAX) }, onEthereum, { ...coin, amount: MAX }],
    [{ ...coin, to: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC' }, onEthereum, { ...coin, amount: 5n }],
    [token, onEthereum, { ...token, amount: 5n }],
    [collectible, onEthereum, { ...collectible, tokenId: 0n, amount: 1n }],
    [{ ...several, amount: '7' }, onEthereum, { ...several, tokenId: 0n, amount: 7n }],
    [several, onEthereum, { ...several, tokenId: 0n, amount: 1n }],
    [call, onEthereum, { ...call, data: '0xa9059cbb', value: 0n }],
    [tonCoin, onTon, { ...tonCoin, amount: 5n, comment: null }],
    [{ ...tonCoin, to: shown(false) }, onTon, { ...tonCoin, amount: 5n, comment: null }],
    [jetton, onTon, { ...jetton, amount: 5n }],
    [item, onTon, item],
  ])('is read from %j', (json, sender, intent) => {
    expect(readSendIntent(json, sender)).toEqual({ ok: true, value: intent });
  });

  it.each<readonly [string, unknown, string]>([
    ['null', null, 'intent_malformed kind'],
    ['text', 'coin', 'intent_malformed kind'],
    ['a list', [coin], 'intent_malformed kind'],
    ['no kind', { to: TO, amount: '5' }, 'intent_malformed kind'],
    ['a kind that objects have', { ...coin, kind: 'constructor' }, 'intent_malformed kind'],
    ['a kind of TON', jetton, 'chain_unsupported kind'],
    ['a comment', { ...coin, comment: 'Thanks' }, 'intent_malformed'],
    ['another field', { ...coin, data: '0x' }, 'intent_malformed'],
    ['a token beside a coin', { ...coin, token: TOKEN }, 'intent_malformed'],
    ['no recipient', { kind: 'coin', amount: '5' }, 'address_invalid to'],
    ['a wrong checksum', { ...coin, to: '0x3c44CdDdB6a900fa2b585dd299e03d12FA4293BC' }, 'address_invalid to'],
    ['a name', { ...coin, to: 'vitalik.eth' }, 'address_invalid to'],
    ['a short address', { ...coin, to: TO.slice(0, -2) }, 'address_invalid to'],
    ['an address of TON', { ...coin, to: RAW('cd') }, 'address_invalid to'],
    ['a list of addresses', { ...coin, to: [TO] }, 'address_invalid to'],
    ['the zero address', { ...coin, to: ZERO }, 'to_zero_address to'],
    ['the wallet', { ...coin, to: WALLET }, 'to_own_wallet to'],
    ['its checksum', { ...coin, to: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' }, 'to_own_wallet to'],
    ['the token as recipient', { ...token, to: TOKEN }, 'to_token_contract to'],
    ['the collection as recipient', { ...collectible, to: TOKEN }, 'to_token_contract to'],
    ['the zero address as token', { ...token, token: ZERO }, 'address_invalid token'],
    ['the wallet as token', { ...token, token: WALLET }, 'address_invalid token'],
    ['the wallet as contract', { ...call, contract: WALLET }, 'address_invalid contract'],
    ['an amount of zero', { ...coin, amount: '0' }, 'amount_zero amount'],
    ['an amount of 2^256', { ...coin, amount: String(MAX + 1n) }, 'amount_invalid amount'],
    ['a negative amount', { ...coin, amount: '-5' }, 'amount_invalid amount'],
    ['an amount with a point', { ...coin, amount: '5.0' }, 'amount_invalid amount'],
    ['an amount with an exponent', { ...coin, amount: '5e18' }, 'amount_invalid amount'],
    ['leading zeros', { ...coin, amount: '05' }, 'amount_invalid amount'],
    ['hex', { ...coin, amount: '0x5' }, 'amount_invalid amount'],
    ['a number', { ...coin, amount: 5 }, 'amount_invalid amount'],
    ['spaces', { ...coin, amount: ' 5' }, 'amount_invalid amount'],
    ['digits of another script', { ...coin, amount: '٥' }, 'amount_invalid amount'],
    ['another standard', { ...collectible, standard: 'erc404' }, 'intent_malformed standard'],
    ['an amount of ERC-721', { ...collectible, amount: '1' }, 'intent_malformed amount'],
    ['none of ERC-1155', { ...several, amount: '0' }, 'amount_zero amount'],
    ['no collectible', { ...collectible, tokenId: undefined }, 'amount_invalid tokenId'],
    ['data without a method', { ...call, data: '0x' }, 'intent_malformed data'],
    ['data with half a byte', { ...call, data: '0xa9059cbb0' }, 'intent_malformed data'],
    ['data without prefix', { ...call, data: 'a9059cbb' }, 'intent_malformed data'],
    ['16 KiB of data', { ...call, data: `0x${'ab'.repeat(16_384)}` }, 'data_too_large data'],
    ['no value of a call', { kind: 'call', contract: TOKEN, data: call.data }, 'amount_invalid value'],
  ])('is refused with %s', (_, json, code) => {
    expect(refusal(json, onEthereum)).toBe(code);
  });

  it.each<readonly [string, unknown, string]>([
    ['a kind of EVM', token, 'chain_unsupported kind'],
    ['an address of EVM', { ...tonCoin, to: TO }, 'address_invalid to'],
    ['an address of the test network', { ...tonCoin, to: shown(true) }, 'address_invalid to'],
    ['the zero address', { ...tonCoin, to: RAW('00') }, 'to_zero_address to'],
    ['the zero address of the masterchain', { ...tonCoin, to: `-1:${'0'.repeat(64)}` }, 'to_zero_address to'],
    ['the wallet', { ...tonCoin, to: onTon.address }, 'to_own_wallet to'],
    ['the master as recipient', { ...jetton, to: jetton.master }, 'to_token_contract to'],
    ['the item as recipient', { ...item, to: item.item }, 'to_token_contract to'],
    ['an amount of an item', { ...item, amount: '1' }, 'intent_malformed'],
    ['the wallet as master', { ...jetton, master: onTon.address }, 'address_invalid master'],
    ['an amount of zero', { ...tonCoin, amount: '0' }, 'amount_zero amount'],
    ['an amount of 2^120', { ...tonCoin, amount: String(2n ** 120n) }, 'amount_invalid amount'],
    ['an empty comment', { ...tonCoin, comment: '' }, 'intent_malformed comment'],
    ['a comment of bytes', { ...tonCoin, comment: 'a\u0000b' }, 'intent_malformed comment'],
    ['a comment that turns around', { ...jetton, comment: 'a\u202eb' }, 'intent_malformed comment'],
    ['a long comment', { ...jetton, comment: 'é'.repeat(257) }, 'intent_malformed comment'],
  ])('on TON is refused with %s', (_, json, code) => {
    expect(refusal(json, onTon)).toBe(code);
  });

  it('needs a sender of the chain', () => {
    expect(() => readSendIntent(coin, { chain: 'eip155:01', address: WALLET })).toThrow(RangeError);
    expect(() => readSendIntent(coin, { chain: 'eip155:1', address: RAW('ab') })).toThrow(RangeError);
    expect(() => readSendIntent(tonCoin, { chain: 'tvm:-239', address: RAW('ab') })).toThrow(RangeError);
  });
});
