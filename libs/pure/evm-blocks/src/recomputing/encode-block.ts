import { isAbsent, isFields, type Fields } from '../reading/json-fields';
import { NotEncodable, rlpBytes, rlpList, rlpQuantity, type Digits } from './rlp';

type Encode = (value: unknown) => Digits;
type Field = readonly [name: string, encode: Encode];

const quantities = (...names: readonly string[]): Field[] => names.map((name) => [name, rlpQuantity]);
const bytes = (...names: readonly string[]): Field[] => names.map((name) => [name, rlpBytes]);
const listOf =
  (encode: Encode): Encode =>
  (value) => {
    if (!Array.isArray(value)) throw new NotEncodable('no list');
    return rlpList(value.map(encode));
  };

const to: Field = ['to', (value) => rlpBytes(isAbsent(value) ? '0x' : value)];
const call: readonly Field[] = [to, ...quantities('value'), ...bytes('input')];
const accessList: Field = [
  'accessList',
  listOf((entry) => encoded(entry, [...bytes('address'), ['storageKeys', listOf(rlpBytes)]])),
];
const signature: readonly Field[] = quantities('yParity', 'r', 's');
const since1559: readonly Field[] = [
  ...quantities('chainId', 'nonce', 'maxPriorityFeePerGas', 'maxFeePerGas', 'gas'),
  ...call,
  accessList,
];

/** By the type of EIP-2718. */
const transactions: Readonly<Record<number, readonly Field[]>> = {
  0: [...quantities('nonce', 'gasPrice', 'gas'), ...call, ...quantities('v', 'r', 's')],
  // EIP-2930
  1: [...quantities('chainId', 'nonce', 'gasPrice', 'gas'), ...call, accessList, ...signature],
  // EIP-1559
  2: [...since1559, ...signature],
  // EIP-4844
  3: [
    ...since1559,
    ...quantities('maxFeePerBlobGas'),
    ['blobVersionedHashes', listOf(rlpBytes)],
    ...signature,
  ],
  // EIP-7702
  4: [
    ...since1559,
    [
      'authorizationList',
      listOf((entry) =>
        encoded(withParity(entry), [
          ...quantities('chainId'),
          ...bytes('address'),
          ...quantities('nonce'),
          ...signature,
        ]),
      ),
    ],
    ...signature,
  ],
};

const logs: Field = [
  'logs',
  listOf((log) => encoded(log, [...bytes('address'), ['topics', listOf(rlpBytes)], ...bytes('data')])),
];
const receipt: readonly Field[] = [...quantities('status', 'cumulativeGasUsed'), ...bytes('logsBloom'), logs];

const withdrawal: readonly Field[] = [
  ...quantities('index', 'validatorIndex'),
  ...bytes('address'),
  ...quantities('amount'),
];

const header: readonly Field[] = [
  ...bytes('parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom'),
  ...quantities('difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp'),
  ...bytes('extraData', 'mixHash', 'nonce'),
];
/** Of EIP-1559, 4895, 4844, 4788 and 7685, each with all before it. */
const laterHeader: readonly Field[] = [
  ...quantities('baseFeePerGas'),
  ...bytes('withdrawalsRoot'),
  ...quantities('blobGasUsed', 'excessBlobGas'),
  ...bytes('parentBeaconBlockRoot', 'requestsHash'),
];

/** What nodes answer of a block beside its header. */
const besideHeader: readonly string[] = [
  ...['hash', 'size', 'totalDifficulty', 'uncles', 'transactions', 'withdrawals'],
  // Of clients that have other consensus rules too.
  ...['author', 'sealFields'],
];
const knownOfBlock = new Set([...header, ...laterHeader].map(([name]) => name).concat(besideHeader));

/** Whether the node names a field that is neither of the header through Prague nor known beside it. */
export function hasUnknownField(block: Fields): boolean {
  return Object.keys(block).some((name) => !knownOfBlock.has(name) && !isAbsent(block[name]));
}

/** Whose hash is that of the transaction. @throws NotEncodable */
export function encodeTransaction(raw: unknown, type: number): Digits {
  const fields = transactions[type];
  if (!fields) throw new NotEncodable('a transaction of an unknown type');
  return typed(type, encoded(type === 0 ? raw : withParity(raw), fields));
}

/** Whose hash is signed. @throws NotEncodable */
export function encodeUnsigned(raw: Fields, type: number, chainId: bigint | null): Digits {
  const fields = (transactions[type] ?? []).slice(0, -3);
  if (type > 0 || chainId === null) return typed(type, encoded(raw, fields));
  // EIP-155
  const replayed = { ...raw, chainId: `0x${chainId.toString(16)}`, none: '0x0' };
  return encoded(replayed, [...fields, ...quantities('chainId', 'none', 'none')]);
}

/** @throws NotEncodable */
export function encodeReceipt(raw: unknown, type: number): Digits {
  return typed(type, encoded(raw, receipt));
}

/** @throws NotEncodable */
export function encodeWithdrawal(raw: unknown): Digits {
  return encoded(raw, withdrawal);
}

/** Whose hash is that of the block. @throws NotEncodable */
export function encodeHeader(raw: Fields): Digits {
  const later = laterHeader.filter(([name]) => !isAbsent(raw[name]));
  if (later.some((field, index) => field !== laterHeader[index]))
    throw new NotEncodable('a header with a gap');
  return encoded(raw, [...header, ...later]);
}

function typed(type: number, digits: Digits): Digits {
  return type === 0 ? digits : type.toString(16).padStart(2, '0') + digits;
}

function encoded(raw: unknown, fields: readonly Field[]): Digits {
  if (!isFields(raw)) throw new NotEncodable('no object');
  return rlpList(fields.map(([name, encode]) => encode(raw[name])));
}

/** Some nodes write it as `v`. */
function withParity(raw: unknown): unknown {
  return isFields(raw) && isAbsent(raw['yParity']) ? { ...raw, yParity: raw['v'] } : raw;
}
