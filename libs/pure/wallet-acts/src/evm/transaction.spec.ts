import { encodeFunctionData, encodeAbiParameters, parseAbi, parseTransaction, toHex, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { growthPerCharacter } from '@countersign/text/testing';
import { digestToSign } from '@countersign/wallet-keys';
import {
  allowing,
  decoded,
  onEthereum,
  refusal,
  STRANGER,
  TOKEN,
  transaction,
  transferData,
  WALLET,
} from '../../testing/decoding';
import { decodeAct } from '../decode-act';
import type { Spend } from '../wallet-act';
import { MULTICALL3 } from './calls';
import { PERMIT2 } from './permits';

const MAX = 2n ** 256n - 1n;
const OTHER = '0x90f79bf6eb2c4f870365e785982e1f101e93b906';
const SELECTOR: Hex = '0x12345678';
const HASH: Hex = `0x${'ab'.repeat(32)}`;
const spend: Spend = {
  kind: 'transfer',
  token: TOKEN,
  tokenId: null,
  amount: 5n,
  isAmountOrTokenId: false,
  isCollectible: false,
  owner: WALLET,
  to: STRANGER,
  deadline: null,
};
const coins: Spend = { ...spend, token: null };
const approval: Spend = { ...spend, kind: 'approval' };
const permit: Spend = { ...spend, kind: 'permit', owner: OTHER, deadline: 9n };

/** The data of a call by the signature of its method. */
function data(signature: string, ...args: readonly unknown[]): Hex {
  return encodeFunctionData({ abi: parseAbi([`function ${signature}`] as readonly string[]), args });
}
const multicall = (...calls: readonly Hex[]): Hex => data('multicall(bytes[])', calls);
const aggregate3 = (...calls: readonly (readonly [string, Hex])[]): Hex =>
  data(
    'aggregate3((address,bool,bytes)[])',
    calls.map(([to, call]) => [to, true, call]),
  );
const approve = (amount: bigint): Hex => data('approve(address,uint256)', STRANGER, amount);

describe('a transaction', () => {
  it.each([
    ['of EIP-1559', {}, 'eip1559'],
    ['of EIP-1559 by its number', { type: '0x2', value: '0x5', chainId: '0x1', from: WALLET }, 'eip1559'],
    [
      'that says its chain and wallet',
      { chainId: 1, from: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' },
      'eip1559',
    ],
  ])('is signed %s', async (_, fields, type) => {
    const { payload, signingKind, maxFee } = decoded(transaction({ to: STRANGER, value: '5', ...fields }));
    const read = parseTransaction(toHex(payload));

    expect(read).toEqual({
      ...{ type, chainId: 1, nonce: 7, to: STRANGER, value: 5n, gas: 60_000n },
      ...{ maxFeePerGas: 30_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n },
    });
    expect(maxFee).toBe(1_800_000_000_000_000n);
    expect(digestToSign(signingKind, payload, onEthereum.now)).toHaveLength(32);
    await privateKeyToAccount(HASH).signTransaction(read as never);
  });

  it('is signed in the form before EIP-1559, for its chain', () => {
    const fields = { nonce: 0, gas: 21_000, gasPrice: 9, to: STRANGER, value: 5, type: 'legacy' };
    const { payload, maxFee } = decoded({ kind: 'transaction', transaction: fields });

    expect(parseTransaction(toHex(payload))).toMatchObject({ type: 'legacy', chainId: 1, gasPrice: 9n });
    expect(maxFee).toBe(189_000n);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ['another chain', { chainId: 137 }, 'chain_mismatch'],
    ['no chain', { chainId: null }, 'chain_mismatch'],
    ['another wallet', { from: STRANGER }, 'signer_mismatch'],
    [
      'a wrong checksum of the wallet',
      { from: '0x70997970C51812dc3A010C7d01b50e0d17dc79c8' },
      'signer_mismatch',
    ],
    ['blobs', { blobVersionedHashes: [HASH] }, 'transaction_malformed'],
    ['authorisations', { authorizationList: [] }, 'transaction_malformed'],
    ['an access list', { accessList: [] }, 'transaction_malformed'],
    ['a signature', { r: HASH }, 'transaction_malformed'],
    ['a second name of the data', { input: '0x' }, 'transaction_malformed'],
    ['the type of blobs', { type: '0x3' }, 'transaction_malformed'],
    ['the type of EIP-7702', { type: 'eip7702' }, 'transaction_malformed'],
    ['the type of EIP-2930', { type: '0x1' }, 'transaction_malformed'],
    ['the type before EIP-1559', { type: 'legacy' }, 'transaction_malformed'],
    ['prices of both kinds', { gasPrice: 9 }, 'transaction_malformed'],
    ['no fee', { maxFeePerGas: undefined }, 'transaction_malformed'],
    ['a tip above the fee', { maxPriorityFeePerGas: '30000000001' }, 'transaction_malformed'],
    ['no nonce', { nonce: undefined }, 'transaction_malformed'],
    ['a nonce beyond 2^53', { nonce: '9007199254740993' }, 'transaction_malformed'],
    ['a negative nonce', { nonce: -1 }, 'transaction_malformed'],
    ['less gas than any transaction takes', { gas: 20_999 }, 'transaction_malformed'],
    ['gas beyond 64 bits', { gas: '0x10000000000000000' }, 'transaction_malformed'],
    ['a negative value', { value: '-5' }, 'transaction_malformed'],
    ['a value of 2^256', { value: (MAX + 1n).toString() }, 'transaction_malformed'],
    ['a value that was rounded', { value: 1e18 }, 'transaction_malformed'],
    [
      'a recipient with a wrong checksum',
      { to: '0x3c44CdDdB6a900fa2b585dd299e03d12FA4293BC' },
      'transaction_malformed',
    ],
    ['a name as recipient', { to: 'vitalik.eth' }, 'transaction_malformed'],
    ['an empty recipient', { to: '' }, 'transaction_malformed'],
    ['half a byte of data', { data: '0xabc' }, 'transaction_malformed'],
    ['data without prefix', { data: 'a9059cbb' }, 'transaction_malformed'],
    ['no recipient and no data', { to: null }, 'transaction_malformed'],
    ['64 KiB of data', { data: `0x${'ab'.repeat(65_536)}` }, 'act_too_large'],
  ])('is refused with %s', (_, fields, code) => {
    expect(refusal(transaction({ to: STRANGER, value: '5', ...fields }))).toBe(code);
  });

  it.each([null, undefined, 'text', 5, [], [transferData]])('is not %p', (request) => {
    expect(refusal({ kind: 'transaction', transaction: request })).toBe('transaction_malformed');
  });

  it('sends coins without data', () => {
    expect(decoded(transaction({ to: STRANGER, value: '5' }))).toMatchObject({
      contract: STRANGER,
      method: null,
      spends: [coins],
      undecoded: [],
    });
    expect(decoded(transaction({ to: WALLET })).spends).toEqual([{ ...coins, amount: 0n, to: WALLET }]);
  });

  it('creates no contract, also where all calls are signed', () => {
    expect(refusal(transaction({ data: '0x6000', value: 5 }))).toBe('act_undecoded');
    expect(refusal(transaction({ data: '0x6000' }), { ...onEthereum, undecoded: 'sign' })).toBe(
      'act_undecoded',
    );
  });
});

type Decoded = readonly [signature: string, call: Hex, spends: readonly Spend[]];
const decodes = (signature: string, args: readonly unknown[], ...spends: readonly Spend[]): Decoded => [
  signature,
  data(signature, ...args),
  spends,
];
const approved = { ...approval, isAmountOrTokenId: true };
const ofAll = { ...approval, amount: 'unlimited', isCollectible: true } as const;
const item: Spend = { ...spend, tokenId: 7n, amount: 1n, isCollectible: true };

describe('a call', () => {
  it.each<Decoded>([
    ['transfer(address,uint256)', transferData, [spend]],
    decodes('transferFrom(address,address,uint256)', [OTHER, STRANGER, 5n], {
      ...spend,
      owner: OTHER,
      isAmountOrTokenId: true,
    }),
    decodes('approve(address,uint256)', [STRANGER, 5n], approved),
    decodes('approve(address,uint256)', [STRANGER, MAX], { ...approved, amount: 'unlimited' }),
    decodes('approve(address,uint256)', [STRANGER, 0n], { ...approved, amount: 0n }),
    decodes('increaseAllowance(address,uint256)', [STRANGER, 5n], approval),
    decodes(
      'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)',
      [OTHER, STRANGER, 5n, 9n, 27, HASH, HASH],
      permit,
    ),
    ...[true, false].map((isAllowed) =>
      decodes(
        'permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)',
        [OTHER, STRANGER, 1n, 0n, isAllowed, 27, HASH, HASH],
        { ...permit, amount: isAllowed ? 'unlimited' : 0n, deadline: null },
      ),
    ),
    decodes('setApprovalForAll(address,bool)', [STRANGER, true], ofAll),
    decodes('setApprovalForAll(address,bool)', [STRANGER, false], { ...ofAll, amount: 0n }),
    decodes('safeTransferFrom(address,address,uint256)', [WALLET, STRANGER, 7n], item),
    decodes('safeTransferFrom(address,address,uint256,bytes)', [WALLET, STRANGER, 7n, '0x1234'], item),
    decodes('safeTransferFrom(address,address,uint256,uint256,bytes)', [WALLET, STRANGER, 7n, 5n, '0x'], {
      ...item,
      amount: 5n,
    }),
    decodes(
      'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)',
      [WALLET, STRANGER, [7n, 8n], [5n, 6n], '0x'],
      { ...item, amount: 5n },
      { ...item, tokenId: 8n, amount: 6n },
    ),
    ['multicall(bytes[])', multicall(transferData, approve(5n)), [spend, approved]],
    ['multicall(bytes[])', multicall(multicall(transferData)), [spend]],
    ['multicall(bytes[])', multicall(), []],
    decodes('multicall(uint256,bytes[])', [9n, [transferData]], spend),
  ])('is decoded: %s %#', (method, call, spends) => {
    expect(decoded(transaction({ to: TOKEN, data: call }))).toMatchObject({
      contract: TOKEN,
      method,
      spends,
      undecoded: [],
    });
    expect(decoded(transaction({ to: TOKEN, data: call, value: 5 })).spends).toEqual([
      { ...coins, to: TOKEN },
      ...spends,
    ]);
  });

  it.each<Decoded>([
    decodes('approve(address,address,uint160,uint48)', [TOKEN, STRANGER, 2n ** 160n - 1n, 9], {
      ...approval,
      amount: 'unlimited',
    }),
    decodes('transferFrom(address,address,uint160,address)', [WALLET, STRANGER, 5n, TOKEN], spend),
    decodes(
      'transferFrom((address,address,uint160,address)[])',
      [
        [
          [WALLET, STRANGER, 5n, TOKEN],
          [OTHER, WALLET, 6n, PERMIT2],
        ],
      ],
      spend,
      { ...spend, owner: OTHER, to: WALLET, amount: 6n, token: PERMIT2 },
    ),
  ])('of Permit2 is decoded there only: %s', (method, call, spends) => {
    expect(decoded(transaction({ to: PERMIT2, data: call }))).toMatchObject({ method, spends });
    expect(refusal(transaction({ to: TOKEN, data: call }))).toBe('act_undecoded');
  });

  const fromBatch = { ...spend, owner: MULTICALL3 };
  it.each<Decoded>([
    decodes('aggregate((address,bytes)[])', [[[TOKEN, transferData]]], fromBatch),
    decodes('tryAggregate(bool,(address,bytes)[])', [false, [[TOKEN, transferData]]], fromBatch),
    decodes('aggregate3((address,bool,bytes)[])', [[[TOKEN, true, transferData]]], fromBatch),
    decodes(
      'aggregate3Value((address,bool,uint256,bytes)[])',
      [[[TOKEN, false, 0n, transferData]]],
      fromBatch,
    ),
  ])('of Multicall3 makes its calls there only: %s', (method, call, spends) => {
    expect(decoded(transaction({ to: MULTICALL3, data: call }))).toMatchObject({ method, spends });
    expect(refusal(transaction({ to: TOKEN, data: call }))).toBe('act_undecoded');
  });

  it('passes coins on to those that a batch pays', () => {
    const call = data('aggregate3Value((address,bool,uint256,bytes)[])', [
      [STRANGER, false, 2n, '0x'],
      [OTHER, false, 3n, '0x'],
    ]);
    const inner = [
      { ...coins, owner: MULTICALL3, amount: 2n },
      { ...coins, owner: MULTICALL3, amount: 3n, to: OTHER },
    ];

    expect(decoded(transaction({ to: MULTICALL3, data: call, value: 5 })).spends).toEqual(inner);
    expect(decoded(transaction({ to: MULTICALL3, data: call, value: 6 })).spends).toEqual([
      { ...coins, to: MULTICALL3, amount: 6n },
      ...inner,
    ]);
  });

  it.each<readonly [string, Hex, string, string]>([
    ['in a batch of the contract', multicall(transferData, SELECTOR), TOKEN, SELECTOR],
    ['deep in batches', multicall(multicall(multicall(SELECTOR))), TOKEN, SELECTOR],
    ['too deep in batches', multicall(multicall(multicall(multicall(transferData)))), TOKEN, '0xa9059cbb'],
    ['in a batch of Multicall3', aggregate3([TOKEN, transferData], [OTHER, SELECTOR]), OTHER, SELECTOR],
  ])('is refused where one %s is not decoded', (_, call, contract, method) => {
    const act = transaction({ to: contract === OTHER ? MULTICALL3 : TOKEN, data: call });

    expect(refusal(act)).toBe('act_undecoded');
    expect(refusal(act, allowing([{ contract, method: call.slice(0, 10) }]))).toBe('act_undecoded');
    expect(decoded(act, allowing([{ contract, method }])).undecoded).toEqual([{ contract, method }]);
  });

  it('finds an approval that batches of batches hide', () => {
    const hidden = aggregate3(
      [TOKEN, multicall(transferData, multicall(approve(MAX)))],
      [TOKEN, transferData],
    );

    expect(decoded(transaction({ to: MULTICALL3, data: hidden })).spends).toEqual([
      fromBatch,
      { ...approval, owner: MULTICALL3, amount: 'unlimited', isAmountOrTokenId: true },
      fromBatch,
    ]);
  });

  const word = (hex: string): string => hex.padStart(64, '0');
  const dirty = `0xa9059cbb${'0'.repeat(23)}1${STRANGER.slice(2)}${word('5')}`;
  const allowingAll = data('setApprovalForAll(address,bool)', STRANGER, true);
  const unequal = [WALLET, STRANGER, [7n], [5n, 6n], '0x'];
  const ofBatch = 'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)';
  const selector = (call: Hex): Hex => `0x${call.slice(2, 10)}`;
  it.each<readonly [string, string]>([
    ['dirty upper bytes of an address', dirty],
    ['one byte more', `${transferData}00`],
    ['a word more', `${transferData}${word('1')}`],
    ['one byte less', transferData.slice(0, -2)],
    ['a selector alone', selector(transferData)],
    ['a boolean of 2', `${allowingAll.slice(0, -1)}2`],
    ['a boolean with dirty bytes', allowingAll.replace(/0(0{62})1$/, '1$11')],
    ['a moved offset', `${multicall().slice(0, 10)}${word('40')}${word('0')}${word('0')}`],
    ['an offset into itself', `${multicall().slice(0, 10)}${word('0')}`],
    ['an offset beyond the end', `${multicall().slice(0, 10)}${'f'.repeat(64)}`],
    ['a length beyond the end', `${multicall().slice(0, 10)}${word('20')}${'f'.repeat(64)}`],
    ['bytes after a list', `${multicall(transferData)}${word('0')}`],
    ['dirty padding of bytes', `${multicall('0x12').slice(0, -2)}01`],
    ['lists of different lengths', data(ofBatch, ...unequal)],
    ['a method that is not known', '0x12345678'],
    ['less than a selector', '0x1234'],
  ])('is not decoded with %s', (_, call) => {
    const allowed = { contract: TOKEN, method: call.slice(0, 10) };
    const act = transaction({ to: TOKEN, data: call, value: 5 });

    expect(refusal(act)).toBe('act_undecoded');
    expect(refusal(act, allowing([{ contract: STRANGER, method: allowed.method }]))).toBe('act_undecoded');
    expect(refusal(act, { ...onEthereum, allowedCalls: [{ ...allowed, chain: 'eip155:137' }] })).toBe(
      'act_undecoded',
    );
    expect(decoded(act, allowing([allowed]))).toMatchObject({
      method: allowed.method,
      spends: [{ ...coins, to: TOKEN }],
      undecoded: [allowed],
    });
  });

  it('of Permit2 is not decoded with an amount beyond its 160 bits', () => {
    const call = data('approve(address,address,uint160,uint48)', TOKEN, STRANGER, 5n, 9);
    const beyond = call.replace(word('5'), `1${'0'.repeat(62)}5`);

    expect(beyond).not.toBe(call);
    expect(refusal(transaction({ to: PERMIT2, data: beyond }))).toBe('act_undecoded');
  });

  it('names the method where it is refused, and no address', () => {
    expect(decodeAct(transaction({ to: TOKEN, data: '0x12345678' }), onEthereum)).toEqual({
      ok: false,
      code: 'wallet.act_undecoded',
      detail: '0x12345678 is not decoded',
    });
  });

  it('is not decoded with more calls than are read', () => {
    const calls = (count: number): Hex => multicall(...Array<Hex>(count).fill(transferData));

    expect(decoded(transaction({ to: TOKEN, data: calls(63) })).spends).toHaveLength(63);
    expect(refusal(transaction({ to: TOKEN, data: calls(64) }))).toBe('act_undecoded');
    expect(refusal(transaction({ to: TOKEN, data: multicall(calls(31), calls(31)) }))).toBe('act_undecoded');
  });

  it('takes linear time where a list names the same bytes often', () => {
    const read = (length: number): void => {
      const offsets = Array.from({ length }, () => word((length * 32).toString(16))).join('');
      const bytes = encodeAbiParameters([{ type: 'bytes' }], [`0x${'ab'.repeat(32 * length)}`]).slice(66);
      const call = `${multicall().slice(0, 10)}${word('20')}${word(length.toString(16))}${offsets}${bytes}`;
      expect(refusal(transaction({ to: TOKEN, data: call }))).toBe('act_undecoded');
    };

    expect(growthPerCharacter(read, 248)).toBeLessThan(4);
  });
});
