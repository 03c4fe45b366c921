import * as fc from 'fast-check';
import {
  encodeFunctionData,
  hashTypedData,
  parseAbi,
  parseTransaction,
  serializeTransaction,
  toHex,
  type Abi,
  type Hex,
} from 'viem';
import { tries } from '@countersign/text/testing';
import { digestToSign } from '@countersign/wallet-keys';
import {
  allowing,
  decoded,
  onEthereum,
  onTon,
  TOKEN,
  transaction,
  transferData,
  WALLET,
} from '../testing/decoding';
import { MULTICALL3 } from './evm/calls';
import { decodeAct, decodedActJson, type DecodedAct, type Spend } from '.';

const hex = (length: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toHex(bytes));
const anyHex = fc.uint8Array({ maxLength: 200 }).map((bytes) => toHex(bytes));
const uint = (bits: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });

/** A call, and how its bytes are made anew of what it was decoded to. */
interface Sample {
  readonly data: Hex;
  readonly rewrite: (spend: Spend) => Hex;
}

const abi: Abi = parseAbi([
  'function transfer(address,uint256)',
  'function transferFrom(address,address,uint256)',
  'function approve(address,uint256)',
  'function increaseAllowance(address,uint256)',
  'function setApprovalForAll(address,bool)',
  'function safeTransferFrom(address,address,uint256)',
  'function multicall(bytes[])',
  'function aggregate3((address,bool,bytes)[])',
]);
const call = (functionName: string, ...args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi, functionName, args });
const numberOf = ({ amount }: Spend): bigint => (amount === 'unlimited' ? 2n ** 256n - 1n : amount);

const aSample: fc.Arbitrary<Sample> = fc
  .record({
    owner: hex(20),
    to: hex(20),
    number: fc.oneof(uint(256), fc.constant(2n ** 256n - 1n)),
    flag: fc.boolean(),
  })
  .chain(({ owner, to, number, flag }) =>
    fc.constantFrom<Sample>(
      { data: call('transfer', to, number), rewrite: (it) => call('transfer', it.to, numberOf(it)) },
      {
        data: call('transferFrom', owner, to, number),
        rewrite: (it) => call('transferFrom', it.owner, it.to, numberOf(it)),
      },
      { data: call('approve', to, number), rewrite: (it) => call('approve', it.to, numberOf(it)) },
      {
        data: call('increaseAllowance', to, number),
        rewrite: (it) => call('increaseAllowance', it.to, numberOf(it)),
      },
      {
        data: call('setApprovalForAll', to, flag),
        rewrite: (it) => call('setApprovalForAll', it.to, it.amount === 'unlimited'),
      },
      {
        data: call('safeTransferFrom', owner, to, number),
        rewrite: (it) => call('safeTransferFrom', it.owner, it.to, it.tokenId),
      },
    ),
  );

const read = (data: Hex, to: string): DecodedAct => decoded(transaction({ to, data }));

describe('a transaction of any call', () => {
  it('means what its bytes say: the same bytes come of the meaning', () => {
    fc.assert(
      fc.property(fc.array(aSample, { minLength: 1, maxLength: 5 }), fc.boolean(), (samples, isAlone) => {
        const calls = samples.map(({ data }) => data);
        const one = isAlone ? read(calls[0] ?? '0x', TOKEN) : read(call('multicall', calls), TOKEN);
        const many = read(
          call(
            'aggregate3',
            calls.map((data) => [TOKEN, true, data]),
          ),
          MULTICALL3,
        );
        const again = one.spends.map((spend, at) => samples[at]?.rewrite(spend));

        expect(again).toEqual(isAlone ? calls.slice(0, 1) : calls);
        expect(many.spends.map((spend, at) => samples[at]?.rewrite(spend))).toEqual(calls);
      }),
      tries(200),
    );
  });

  it('has another meaning with each other byte, or none', () => {
    const meaningOf = (data: Hex): string => {
      const act = decodeAct(transaction({ to: TOKEN, data }), onEthereum);
      return act.ok ? JSON.stringify([act.value.method, decodedActJson(act.value).spends]) : 'none';
    };
    fc.assert(
      fc.property(aSample, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ data }, at, bits) => {
        const bytes = Buffer.from(data.slice(2), 'hex');
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ bits;

        expect(meaningOf(toHex(bytes))).not.toBe(meaningOf(data));
      }),
      tries(500),
    );
  });

  it('is signed as it was asked for', () => {
    const fees = fc.record({
      nonce: fc.nat(),
      gas: fc.bigInt({ min: 21_000n, max: 2n ** 64n - 1n }),
      maxFeePerGas: uint(255),
      maxPriorityFeePerGas: uint(96),
    });
    const text = (value: unknown): string => String(value);
    fc.assert(
      fc.property(fees, hex(20), uint(256), (asked, to, value) => {
        const maxFeePerGas = asked.maxFeePerGas + asked.maxPriorityFeePerGas;
        const fields = { ...asked, maxFeePerGas, to, value };
        const request = Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, text(one)]));
        const { payload, spends, maxFee } = decoded({
          kind: 'transaction',
          transaction: { ...request, nonce: asked.nonce },
        });

        expect(toHex(payload)).toBe(serializeTransaction({ ...fields, chainId: 1, type: 'eip1559' }));
        expect(parseTransaction(toHex(payload)).chainId).toBe(1);
        expect(digestToSign('evm-transaction', payload, onEthereum.now)).not.toBeNull();
        expect(spends).toMatchObject([{ token: null, amount: value, owner: WALLET, to }]);
        expect(maxFee).toBe(asked.gas * maxFeePerGas);
      }),
      tries(200),
    );
  });
});

/** A type with a value, as JSON and as viem takes it. */
interface Typed {
  readonly type: string;
  readonly json: unknown;
  readonly value: unknown;
}
const anAtom: fc.Arbitrary<Typed> = fc.oneof(
  uint(256).map((value) => ({ type: 'uint256', json: value.toString(), value })),
  fc.integer({ min: -128, max: 127 }).map((value) => ({ type: 'int8', json: value, value: BigInt(value) })),
  hex(20).map((value) => ({ type: 'address', json: value, value })),
  hex(4).map((value) => ({ type: 'bytes4', json: value, value })),
  anyHex.map((value) => ({ type: 'bytes', json: value, value })),
  fc.boolean().map((value) => ({ type: 'bool', json: value, value })),
  fc.string({ unit: 'grapheme' }).map((value) => ({ type: 'string', json: value, value })),
);
const aField = fc.oneof(
  anAtom,
  anAtom.map(({ type, json, value }) => ({ type: `${type}[]`, json: [json, json], value: [value, value] })),
  anAtom.map(({ type, json, value }) => ({
    type: `${type}[1][2]`,
    json: [[json], [json]],
    value: [[value], [value]],
  })),
);

describe('typed data of any types', () => {
  it("has viem's hash", () => {
    const fields = fc.array(aField, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fields, fields, fc.nat({ max: 3 }), (inner, outer, count) => {
        const fieldsOf = (list: readonly Typed[]) => list.map(({ type }, at) => ({ name: `f${at}`, type }));
        const valuesOf = (list: readonly Typed[], form: 'json' | 'value') =>
          Object.fromEntries(list.map((one, at) => [`f${at}`, one[form]]));
        const types = {
          Order: [...fieldsOf(outer), { name: 'items', type: 'Item[]' }, { name: 'item', type: 'Item' }],
          Item: fieldsOf(inner),
        };
        const messageOf = (form: 'json' | 'value') => {
          const item = valuesOf(inner, form);
          return { ...valuesOf(outer, form), items: Array(count).fill(item), item };
        };
        const domain = { name: 'Shop', chainId: 1, verifyingContract: TOKEN } as const;
        const act = decoded(
          {
            kind: 'typed-data',
            typedData: { types, primaryType: 'Order', domain, message: messageOf('json') },
          },
          allowing([{ contract: TOKEN, method: 'Order' }]),
        );

        expect(toHex(digestToSign('evm-typed-data', act.payload, onEthereum.now) ?? '')).toBe(
          hashTypedData({ types, primaryType: 'Order', domain, message: messageOf('value') }),
        );
      }),
      tries(200),
    );
  });
});

describe('any request', () => {
  const anything = fc.anything({
    withBigInt: true,
    withNullPrototype: true,
    withObjectString: true,
    maxDepth: 4,
  });
  const names = [
    'types',
    'primaryType',
    'domain',
    'message',
    'to',
    'value',
    'data',
    'nonce',
    'gas',
    'maxFeePerGas',
  ];
  const alike = fc.dictionary(
    fc.constantFrom(...names, 'type', 'text', 'bytes', 'cell', 'schema', '__proto__'),
    anything,
  );

  it('is signed or refused, without an exception', () => {
    fc.assert(
      fc.property(fc.oneof(anything, alike), fc.string({ unit: 'binary' }), (value, text) => {
        decodeAct({ kind: 'typed-data', typedData: value }, onEthereum);
        decodeAct({ kind: 'typed-data', typedData: text }, onEthereum);
        decodeAct({ kind: 'transaction', transaction: value }, onEthereum);
        decodeAct({ kind: 'message', message: text, encoding: 'text' }, onEthereum);
        decodeAct({ kind: 'message', message: text, encoding: 'hex' }, onEthereum);
        decodeAct({ kind: 'ton-proof', domain: text, payload: text }, onTon);
      }),
      tries(300),
    );
  });

  it('of data that begins like a method is decoded or refused', () => {
    const selectors = [
      '0xa9059cbb',
      '0xac9650d8',
      '0x82ad56cb',
      '0x2eb2c2d6',
      '0x0d58b1db',
      '0x252dba42',
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...selectors),
        anyHex,
        fc.constantFrom(TOKEN, MULTICALL3),
        (start, rest, to) => {
          const act = decodeAct(transaction({ to, data: `${start}${rest.slice(2)}` }), onEthereum);

          if (!act.ok) expect(act.code).toBe('wallet.act_undecoded');
        },
      ),
      tries(300),
    );
  });

  it('has its own digest: another act, wallet or chain has another', () => {
    const digest = (act: DecodedAct): string => act.digest.toString('hex');
    fc.assert(
      fc.property(
        hex(20),
        fc.integer({ min: 2, max: 1e9 }),
        fc.string({ minLength: 1 }),
        (address, chain, text) => {
          fc.pre(address !== WALLET && /^[ -~]+$/.test(text) && text.length !== 32);
          const message = { kind: 'message', message: text, encoding: 'text' } as const;
          const contexts = [
            onEthereum,
            { ...onEthereum, address },
            { ...onEthereum, chain: `eip155:${chain}` },
          ];
          const digests = contexts.map((context) => digest(decoded(message, context)));
          const others = [
            decoded({ ...message, message: `${text}!` }),
            decoded(transaction({ to: TOKEN, data: transferData })),
          ];

          expect(new Set([...digests, ...others.map(digest)]).size).toBe(5);
        },
      ),
      tries(100),
    );
  });
});
