import { concat, encodeAbiParameters, keccak256, parseAbiParameters, toHex, type Hex } from 'viem';
import { growthPerCharacter } from '@countersign/text/testing';
import { digestToSign } from '@countersign/wallet-keys';
import { allowing, decoded, onEthereum, refusal, STRANGER, TOKEN, WALLET } from '../../testing/decoding';
import type { Spend, TypedDataAct } from '../wallet-act';
import { PERMIT2 } from './permits';

type Fields = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;

/** Typed data whose structs are written as `{ name: type }`. */
function typed(
  primaryType: string,
  structs: Readonly<Record<string, Fields>>,
  message: unknown,
  rest: Json = {},
): TypedDataAct {
  const types = Object.fromEntries(
    Object.entries(structs).map(([name, fields]) => [
      name,
      Object.entries(fields).map(([field, type]) => ({ name: field, type })),
    ]),
  );
  const domain = { name: 'Dollar', version: '2', chainId: 1, verifyingContract: TOKEN };
  return { kind: 'typed-data', typedData: { types, primaryType, domain, message, ...rest } };
}

function digestOf(act: TypedDataAct, context = onEthereum): Hex {
  const { signingKind, payload } = decoded(act, context);
  return toHex(digestToSign(signingKind, payload, onEthereum.now) ?? '');
}

const order = { contract: TOKEN, method: 'Order' };
const ofOrders = allowing([order]);
const MAX = 2n ** 256n - 1n;

describe('typed data', () => {
  it('has the digest of the example of EIP-712', () => {
    const contract = '0xcccccccccccccccccccccccccccccccccccccccc';
    const structs = {
      EIP712Domain: { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address' },
      Person: { name: 'string', wallet: 'address' },
      Mail: { from: 'Person', to: 'Person', contents: 'string' },
    };
    const message = {
      from: { name: 'Cow', wallet: '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826' },
      to: { name: 'Bob', wallet: '0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB' },
      contents: 'Hello, Bob!',
    };
    const domain = {
      ...{ name: 'Ether Mail', version: '1', chainId: 1 },
      verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC',
    };
    const { typedData } = typed('Mail', structs, message, { domain });
    const context = allowing([{ contract, method: 'Mail' }]);
    const expected = '0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2';

    expect(digestOf({ kind: 'typed-data', typedData }, context)).toBe(expected);
    expect(digestOf({ kind: 'typed-data', typedData: JSON.stringify(typedData) }, context)).toBe(expected);
    expect(decoded({ kind: 'typed-data', typedData }, context)).toMatchObject({
      contract,
      method: 'Mail',
      spends: [],
      undecoded: [{ contract, method: 'Mail' }],
      summary: [
        'Do Mail at 0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC. The meaning of this call is unknown.',
      ],
    });
    expect(refusal({ kind: 'typed-data', typedData })).toBe('act_undecoded');
    expect(refusal({ kind: 'typed-data', typedData }, allowing([{ contract: TOKEN, method: 'Mail' }]))).toBe(
      'act_undecoded',
    );
  });

  it.each<readonly [string, string, unknown]>([
    ['256', 'uint8', 256],
    ['256 as hex', 'uint8', '0x100'],
    ['2^256', 'uint256', (MAX + 1n).toString()],
    ['2^256 as hex', 'uint256', `0x1${'0'.repeat(64)}`],
    ['2^255 for a signed number', 'int256', (2n ** 255n).toString()],
    ['a negative number', 'uint256', -1],
    ['negative text', 'uint256', '-1'],
    ['a number that was rounded', 'uint256', 2 ** 53],
    ['a fraction', 'uint256', 1.5],
    ['an exponent', 'uint256', '1e3'],
    ['a zero before', 'uint256', '01'],
    ['minus zero', 'int256', '-0'],
    ['a plus', 'uint256', '+1'],
    ['a space', 'uint256', ' 1'],
    ['digits of another script', 'uint256', '١'],
    ['nothing', 'uint256', ''],
    ['null', 'uint256', null],
    ['a list', 'uint256', [1]],
    ['a boolean', 'uint256', true],
    ['a number for a boolean', 'bool', 1],
    ['text for a boolean', 'bool', 'false'],
    ['a wrong checksum', 'address', '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB49'],
    ['an address in capitals', 'address', TOKEN.toUpperCase().replace('X', 'x')],
    ['a short address', 'address', '0x1234'],
    ['a number for an address', 'address', 1],
    ['31 bytes', 'bytes32', `0x${'ab'.repeat(31)}`],
    ['33 bytes', 'bytes32', `0x${'ab'.repeat(33)}`],
    ['half a byte', 'bytes', '0xabc'],
    ['text for bytes', 'bytes', 'abcd'],
    ['a number for text', 'string', 5],
    ['half a surrogate pair', 'string', '\ud800'],
    ['too few items', 'uint8[2]', [1]],
    ['too many items', 'uint8[2]', [1, 2, 3]],
    ['an object for a list', 'uint8[]', { length: 1, 0: 1 }],
    ['a wrong item', 'uint8[][]', [[1], [256]]],
  ])('refuses %s for %s', (_, type, value) => {
    expect(refusal(typed('Order', { Order: { a: type } }, { a: value }), ofOrders)).toBe(
      'typed_data_malformed',
    );
  });

  it('names the field that is refused, without its value', () => {
    const act = typed(
      'Order',
      { Order: { list: 'Item[]' }, Item: { a: 'uint8' } },
      { list: [{ a: 1 }, { a: 999 }] },
    );

    expect(() => decoded(act, ofOrders)).toThrow(/message\.list\[1\]\.a is not well-formed$/);
  });

  const one = { Order: { a: 'uint8' } };
  const a = (type: string): string => `{"name":"a","type":"${type}"}`;
  /** With members that an object literal cannot have. */
  const asText = (types: string, message: string): TypedDataAct => ({
    kind: 'typed-data',
    typedData: `{"types":${types},"primaryType":"Order","domain":{"chainId":1,"verifyingContract":"${TOKEN}"},"message":${message}}`,
  });
  const ofStruct = (type: string): TypedDataAct =>
    typed('Order', { Order: { a: type }, [type]: { b: 'uint8' } }, { a: { b: 1 } });
  const nestedLists: unknown = JSON.parse(`${'['.repeat(17)}1${']'.repeat(17)}`);
  const declared = (fields: unknown): TypedDataAct =>
    typed('Order', {}, { a: 1 }, { types: { Order: fields } });
  const chain = Object.fromEntries(
    [...Array(20).keys()].map((at) => [`T${at}`, { a: at === 19 ? 'uint8' : `T${at + 1}` }]),
  );
  const nested = [...Array(20).keys()].reduce<unknown>((inner) => ({ a: inner }), 1);
  /** Types of which each refers to the next by lists, which may have no items. */
  const withChain = (length: number, ...names: readonly string[]): Readonly<Record<string, Fields>> => ({
    ...{ Order: { a: 'Item[]' }, Item: { b: 'T0[]' }, [`T${length}`]: { a: 'uint8' } },
    ...Object.fromEntries(
      [...Array(length).keys()].map((at) => [
        `T${at}`,
        Object.fromEntries(names.map((name) => [name, `T${at + 1}[]`])),
      ]),
    ),
  });

  it.each<readonly [string, TypedDataAct]>([
    ['a field that the type does not have', typed('Order', one, { a: 1, b: 2 })],
    ['a field less', typed('Order', { Order: { a: 'uint8', b: 'uint8' } }, { a: 1 })],
    ['no message', typed('Order', one, undefined)],
    ['a message of the prototype', typed('Order', one, Object.create({ a: 1 }))],
    ['a list as message', typed('Order', one, [1])],
    ['an unknown primary type', typed('Mail', one, { a: 1 })],
    ['a primary type that objects inherit', typed('constructor', one, { a: 1 })],
    ['the domain as primary type', typed('EIP712Domain', { ...one, EIP712Domain: { a: 'uint8' } }, { a: 1 })],
    ['no primary type', typed('Order', one, { a: 1 }, { primaryType: undefined })],
    ['another member', typed('Order', one, { a: 1 }, { extra: 1 })],
    ['no types', typed('Order', {}, {})],
    ['an unknown type', typed('Order', { Order: { a: 'Item' } }, { a: {} })],
    ['a type in a circle', typed('Order', { Order: { a: 'Order' } }, { a: {} })],
    ['a circle of two', typed('Order', { Order: { a: 'Item[]' }, Item: { b: 'Order[2]' } }, { a: [] })],
    ['a circle beside it', typed('Order', { ...one, Item: { b: 'Item' } }, { a: 1 })],
    [
      'a type `__proto__`',
      asText(`{"Order":[${a('__proto__')}],"__proto__":[${a('uint8')}]}`, '{"a":{"a":1}}'),
    ],
    ['a field `__proto__`', asText('{"Order":[{"name":"__proto__","type":"uint8"}]}', '{"__proto__":1}')],
    ['a type that objects inherit', typed('Order', { Order: { a: 'toString' } }, { a: 1 })],
    ['a struct with the name of an atom', ofStruct('uint256')],
    ['a struct with a name near an atom', ofStruct('uint7')],
    ['a number without a size', typed('Order', { Order: { a: 'uint' } }, { a: 1 })],
    ['a number of 264 bits', typed('Order', { Order: { a: 'uint264' } }, { a: 1 })],
    ['bytes33', typed('Order', { Order: { a: 'bytes33' } }, { a: `0x${'ab'.repeat(33)}` })],
    ['a function', typed('Order', { Order: { a: 'function' } }, { a: '0x' })],
    ['an array of no items', typed('Order', { Order: { a: 'uint8[0]' } }, { a: [] })],
    ['text in a type', typed('Order', { Order: { a: 'uint8 b,uint8' } }, { a: 1 })],
    ['text in a name', typed('Order', { Order: { 'a,uint8 b': 'uint8' } }, { 'a,uint8 b': 1 })],
    ['a name of another script', typed('Order', { Order: { а: 'uint8' } }, { а: 1 })],
    ['two fields of a name', declared(['a', 'a'].map((name) => ({ name, type: 'uint8' })))],
    ['a field without a type', declared([{ name: 'a' }])],
    ['a field with more members', declared([{ name: 'a', type: 'uint8', indexed: true }])],
    ['a field that is none', declared(['a'])],
    ['a type that is no list', declared({ length: 1 })],
    ['a type without fields', typed('Order', { Order: {} }, {})],
    ['65 fields', declared([...Array(65).keys()].map((at) => ({ name: `a${at}`, type: 'uint8' })))],
    ['long types', typed('Order', { Order: { ['a'.repeat(4_096)]: 'uint8' } }, {})],
    ['structs within structs', typed('T0', chain, nested)],
    ['lists within lists', typed('Order', { Order: { a: `uint8${'[]'.repeat(17)}` } }, { a: nestedLists })],
    ['1,025 values', typed('Order', { Order: { a: 'uint8[]' } }, { a: Array(1_024).fill(1) })],
    [
      '64 KiB of text',
      typed('Order', { Order: { a: 'string[]' } }, { a: Array(3).fill('a'.repeat(30_000)) }),
    ],
    ['long types in many structs', typed('Order', withChain(100, 'a'), { a: Array(500).fill({ b: [] }) })],
    ['types that refer twice', typed('Order', withChain(60, 'a', 'b'), { a: [{ b: [] }, { b: [] }] })],
  ])('refuses %s', (_, act) => {
    expect(refusal(act, ofOrders)).toBe('typed_data_malformed');
  });

  it.each<readonly [string, string]>([
    ['no JSON', '{'],
    ['JSON that is no object', '[]'],
    ['deeply nested JSON', '['.repeat(60_000)],
    ['a member twice', '{"types":{},"types":{}}'],
    ['a type twice', '{"types":{"Order":[],"Order":[]}}'],
  ])('refuses text with %s', (_, typedData) => {
    expect(refusal({ kind: 'typed-data', typedData }, ofOrders)).toBe('typed_data_malformed');
  });

  it('refuses long text before it is parsed', () => {
    expect(refusal({ kind: 'typed-data', typedData: ' '.repeat(65_537) })).toBe('act_too_large');
  });

  const domain = { chainId: 1, verifyingContract: TOKEN };
  it.each<readonly [string, Json | undefined, string]>([
    ['no chain', { verifyingContract: TOKEN }, 'typed_data_domain'],
    ['another chain', { ...domain, chainId: 137 }, 'chain_mismatch'],
    ['another chain as text', { ...domain, chainId: '0x89' }, 'chain_mismatch'],
    ['a chain of letters', { ...domain, chainId: 'mainnet' }, 'typed_data_domain'],
    ['a chain by null', { ...domain, chainId: null }, 'typed_data_domain'],
    ['no contract', { chainId: 1 }, 'typed_data_domain'],
    ['a contract that is no address', { ...domain, verifyingContract: '0x' }, 'typed_data_domain'],
    ['another field', { ...domain, origin: 'https://bank.example' }, 'typed_data_domain'],
    ['a short salt', { ...domain, salt: '0x12' }, 'typed_data_domain'],
    ['a number as name', { ...domain, name: 5 }, 'typed_data_domain'],
    ['no domain', undefined, 'typed_data_domain'],
  ])('refuses %s in the domain', (_, given, code) => {
    expect(refusal(typed('Order', one, { a: 1 }, { domain: given }), ofOrders)).toBe(code);
  });

  it('computes the type of the domain anew', () => {
    const fields = { chainId: 'uint256', verifyingContract: 'address' };
    const withType = (ofDomain: Fields): string | null =>
      refusal(typed('Order', { EIP712Domain: ofDomain, ...one }, { a: 1 }, { domain }), ofOrders);

    expect(withType(fields)).toBeNull();
    expect(withType({ verifyingContract: 'address', chainId: 'uint256' })).toBe('typed_data_domain');
    expect(withType({ ...fields, salt: 'bytes32' })).toBe('typed_data_domain');
    expect(withType({ chainId: 'uint256' })).toBe('typed_data_domain');
    expect(withType({ ...fields, chainId: 'string' })).toBe('typed_data_domain');
  });

  it('takes an empty name and version as fields', () => {
    const given = { name: '', version: '', ...domain };
    const fields = ['string name', 'string version', 'uint256 chainId', 'address verifyingContract'];
    const [text, empty] = [`EIP712Domain(${fields.join(',')})`, ''].map((one) => keccak256(toHex(one)));
    const encoded = encodeAbiParameters(parseAbiParameters('bytes32,bytes32,bytes32,uint256,address'), [
      ...([text ?? '0x', empty ?? '0x', empty ?? '0x', 1n, TOKEN] as const),
    ]);
    const { payload } = decoded(typed('Order', one, { a: 1 }, { domain: given }), ofOrders);

    expect(toHex(payload.subarray(0, 32))).toBe(keccak256(encoded));
  });

  it('hashes types and values of the largest size in linear time', () => {
    const fields = Object.fromEntries([...Array(60).keys()].map((at) => [`${'a'.repeat(50)}${at}`, 'uint8']));
    const item = Object.fromEntries(Object.keys(fields).map((name) => [name, 1]));
    const large = (length: number) =>
      typed('Order', { Order: { a: 'Item[]' }, Item: fields }, { a: Array(length).fill(item) });
    const small = (length: number) =>
      typed(
        'Order',
        { Order: { a: 'Item[]', ...fields }, Item: { b: 'Last' }, Last: { c: 'uint8' } },
        { ...item, a: Array(length).fill({ b: { c: 1 } }) },
      );

    expect(
      growthPerCharacter((length) => expect(refusal(large(length), ofOrders)).toBeNull(), 16),
    ).toBeLessThan(4);
    expect(
      growthPerCharacter((length) => expect(refusal(small(length), ofOrders)).toBeNull(), 296),
    ).toBeLessThan(4);
  });
});

/** What a permit spends, unless the table says otherwise. */
const spend: Spend = {
  kind: 'permit',
  token: TOKEN,
  tokenId: null,
  amount: 5n,
  isAmountOrTokenId: false,
  isCollectible: false,
  owner: WALLET,
  to: STRANGER,
  deadline: 1_800_000_000n,
};
const permit = {
  owner: 'address',
  spender: 'address',
  value: 'uint256',
  nonce: 'uint256',
  deadline: 'uint256',
};
const permitted = { owner: WALLET, spender: STRANGER, value: '5', nonce: 0, deadline: 1_800_000_000 };
const dai = { holder: 'address', spender: 'address', nonce: 'uint256', expiry: 'uint256', allowed: 'bool' };
const ofDai = { holder: WALLET, spender: STRANGER, nonce: 0, expiry: 0, allowed: true };
const erc3009 = {
  ...{ from: 'address', to: 'address', value: 'uint256' },
  ...{ validAfter: 'uint256', validBefore: 'uint256', nonce: 'bytes32' },
};
const authorised = {
  ...{ from: WALLET, to: STRANGER, value: 5, validAfter: 0, validBefore: 1_800_000_000 },
  nonce: `0x${'00'.repeat(32)}`,
};
const details = { token: 'address', amount: 'uint160', expiration: 'uint48', nonce: 'uint48' };
const permissions = { token: 'address', amount: 'uint256' };
const single = { details: 'PermitDetails', spender: 'address', sigDeadline: 'uint256' };
const transferFrom = {
  permitted: 'TokenPermissions',
  spender: 'address',
  nonce: 'uint256',
  deadline: 'uint256',
};
const transferred = {
  permitted: { token: TOKEN, amount: 5 },
  spender: STRANGER,
  nonce: 0,
  deadline: 1_800_000_000,
};
const allowedDetails = { token: TOKEN, amount: 5, expiration: 1, nonce: 0 };
const atPermit2 = { domain: { name: 'Permit2', chainId: 1, verifyingContract: PERMIT2 } };
const manyAllowed = [
  allowedDetails,
  { ...allowedDetails, token: PERMIT2, amount: (2n ** 160n - 1n).toString() },
];
const manyTransferred = [transferred.permitted, { token: PERMIT2, amount: MAX.toString() }];

const ofPermit = (message: Json = {}, fields: Fields = {}): TypedDataAct =>
  typed('Permit', { Permit: { ...permit, ...fields } }, { ...permitted, ...message });
const ofDetails = (name: string, type: string, value: unknown, sigDeadline = 1_800_000_000): TypedDataAct =>
  typed(
    name,
    { [name]: { ...single, details: type }, PermitDetails: details },
    { details: value, spender: STRANGER, sigDeadline },
    atPermit2,
  );
const ofTransfer = (
  name: string,
  fields: Fields = {},
  message: Json = {},
  at: Json = atPermit2,
): TypedDataAct =>
  typed(
    name,
    { [name]: { ...transferFrom, ...fields }, TokenPermissions: permissions, Order: { amount: 'uint256' } },
    { ...transferred, ...message },
    at,
  );

describe('a permit', () => {
  it.each<readonly [string, TypedDataAct, readonly Spend[]]>([
    ['ERC-2612', ofPermit(), [spend]],
    ['ERC-2612 without a limit', ofPermit({ value: MAX.toString() }), [{ ...spend, amount: 'unlimited' }]],
    ['ERC-2612 below no limit', ofPermit({ value: (MAX - 1n).toString() }), [{ ...spend, amount: MAX - 1n }]],
    ['ERC-2612 for a contract wallet', ofPermit({ owner: TOKEN }), [{ ...spend, owner: TOKEN }]],
    ['DAI', typed('Permit', { Permit: dai }, ofDai), [{ ...spend, amount: 'unlimited', deadline: null }]],
    [
      'DAI taken back',
      typed('Permit', { Permit: dai }, { ...ofDai, allowed: false, expiry: 7 }),
      [{ ...spend, amount: 0n, deadline: 7n }],
    ],
    [
      'a collectible',
      typed(
        'Permit',
        { Permit: { spender: 'address', tokenId: 'uint256', nonce: 'uint256', deadline: 'uint256' } },
        { spender: STRANGER, tokenId: 7, nonce: 0, deadline: 1_800_000_000 },
      ),
      [{ ...spend, tokenId: 7n, amount: 1n, isCollectible: true }],
    ],
    ...['TransferWithAuthorization', 'ReceiveWithAuthorization'].map(
      (name) =>
        [name, typed(name, { [name]: erc3009 }, authorised), [{ ...spend, kind: 'transfer' }]] as const,
    ),
    ['Permit2, one token', ofDetails('PermitSingle', 'PermitDetails', allowedDetails), [spend]],
    [
      'Permit2, several tokens',
      ofDetails('PermitBatch', 'PermitDetails[]', manyAllowed),
      [spend, { ...spend, token: PERMIT2, amount: 'unlimited' }],
    ],
    ['Permit2, a transfer', ofTransfer('PermitTransferFrom'), [spend]],
    [
      'Permit2, several transfers',
      ofTransfer(
        'PermitBatchTransferFrom',
        { permitted: 'TokenPermissions[]' },
        { permitted: manyTransferred },
      ),
      [spend, { ...spend, token: PERMIT2, amount: 'unlimited' }],
    ],
    ...['witness', 'value', 'owner', 'to', 'tokenId', 'sigDeadline', 'allowed'].map(
      (name) =>
        [
          `Permit2, a transfer with a witness that is called ${name}`,
          ofTransfer('PermitWitnessTransferFrom', { [name]: 'Order' }, { [name]: { amount: 0 } }),
          [spend],
        ] as const,
    ),
  ])('is decoded: %s', (_, act, spends) => {
    const read = decoded(act);

    expect(read).toMatchObject({ spends, undecoded: [] });
    expect(read.summary).toHaveLength(spends.length);
  });

  it('says who may take what, and until when', () => {
    expect(decoded(ofPermit({ value: MAX.toString() })).summary).toEqual([
      'Let 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC take everything in the token 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48 of 0x70997970C51812dc3A010C7d01b50e0d17dc79C8, by a signature that is valid until 2027-01-15T08:00:00.000Z.',
    ]);
    expect(decoded(ofPermit({ deadline: MAX.toString() })).summary[0]).toMatch(/valid for ever\.$/);
  });

  const signatures = [
    [
      'Permit',
      permit,
      { ...permitted, value: 5 },
      '0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9',
    ],
    ['Permit', dai, ofDai, '0xea2aa0a1be11a07ed86d755c93467f4f82362b452371d1ba94d1715123511acb'],
    [
      'TransferWithAuthorization',
      erc3009,
      authorised,
      '0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267',
    ],
    [
      'ReceiveWithAuthorization',
      erc3009,
      authorised,
      '0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8',
    ],
  ] as const;
  it.each(signatures)('%s has the type hash that contracts publish %#', (name, fields, message, typeHash) => {
    const types = ['bytes32', ...Object.values(fields)].map((type) => ({ type }));
    const encoded = encodeAbiParameters(types, [typeHash, ...Object.values(message)]);

    expect(toHex(decoded(typed(name, { [name]: fields }, message)).payload.subarray(32))).toBe(
      keccak256(encoded),
    );
  });

  it('of Permit2 has the type hashes of its contract', () => {
    const act = ofDetails('PermitSingle', 'PermitDetails', allowedDetails, 9);
    const inner = encodeAbiParameters(parseAbiParameters('bytes32,address,uint160,uint48,uint48'), [
      '0x65626cad6cb96493bf6f5ebea28756c966f023ab9e8a83a7101849d5573b3678',
      ...([TOKEN, 5n, 1, 0] as const),
    ]);
    const outer = encodeAbiParameters(parseAbiParameters('bytes32,bytes32,address,uint256'), [
      '0xf3841cd1ff0085026a6327b620b67997ce40f282c88a8e905a7a5626e310f3d0',
      ...([keccak256(inner), STRANGER, 9n] as const),
    ]);

    // The domain separator of Permit2 on Ethereum.
    const domain = '0x866a5aba21966af95d6c7ab78eb2b2fc913915c28be3b9aa07cc04ff903e3f28';
    expect(toHex(decoded(act).payload)).toBe(concat([domain, keccak256(outer)]));
  });

  it.each<readonly [string, TypedDataAct]>([
    ['of Permit2 at another contract', ofTransfer('PermitTransferFrom', {}, {}, {})],
    [
      'of Permit2 with another struct inside',
      typed(
        'PermitTransferFrom',
        { PermitTransferFrom: transferFrom, TokenPermissions: { amount: 'uint256', token: 'address' } },
        transferred,
        atPermit2,
      ),
    ],
    [
      'of Permit2 with a witness that is no struct',
      ofTransfer('PermitWitnessTransferFrom', { witness: 'bytes32' }, { witness: `0x${'ab'.repeat(32)}` }),
    ],
    ['with another field', ofPermit({ data: '0x' }, { data: 'bytes' })],
    ['with other types', ofPermit({}, { value: 'uint128' })],
    [
      'in another order',
      typed('Permit', { Permit: Object.fromEntries(Object.entries(permit).reverse()) }, permitted),
    ],
    [
      'with a struct for a field',
      typed(
        'Permit',
        { Permit: { ...permit, value: 'Value' }, Value: { a: 'uint8' } },
        { ...permitted, value: { a: 1 } },
      ),
    ],
    ['of another name', typed('permit', { permit }, permitted)],
    [
      'of a Safe',
      typed('SafeTx', { SafeTx: { to: 'address', value: 'uint256' } }, { to: STRANGER, value: 5 }),
    ],
  ])('is not decoded %s', (_, act) => {
    expect(refusal(act)).toBe('act_undecoded');
  });
});
