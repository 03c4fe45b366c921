import { beginCell, type Cell } from '@ton/core';
import { isEd25519Signature } from './ed25519';
import {
  readTonDataMessage,
  readTonProofMessage,
  tonDataHash,
  tonDataMessage,
  tonProofMessage,
  type TonDataMessage,
} from './signed-messages';
import { readTonAddress } from './ton-address';

const address = readTonAddress(`0:${'5a'.repeat(32)}`);
if (!address.ok) throw new Error('no address');
const head = { address: address.value, domain: 'shop.example.com', timestamp: 1_760_000_000 };
const cell = beginCell().storeUint(7, 32).endCell();

const contents: readonly TonDataMessage['content'][] = [
  { type: 'text', text: 'Zürich\n2' },
  { type: 'text', text: '' },
  { type: 'binary', bytes: Buffer.of(0, 255, 128) },
  { type: 'cell', schemaHash: 0xffff_ffff, cell },
];

it.each(contents)('signData is read as it was written %#', (content) => {
  const message = { ...head, content };
  const read = readTonDataMessage(tonDataMessage(message));

  expect(read && tonDataMessage(read)).toEqual(tonDataMessage(message));
  expect(read).toMatchObject({
    domain: head.domain,
    timestamp: head.timestamp,
    content: { type: content.type },
  });
});

it('ton_proof is read as it was written', () => {
  const message = { ...head, payload: 'nonce é' };

  expect(readTonProofMessage(tonProofMessage(message))).toEqual({
    ...message,
    address: { ...address.value, isTest: null },
  });
});

/**
 * Signatures by a wallet application.
 *
 * @see https://github.com/near/intents `tonconnect`
 */
it.each([
  [
    1_747_759_882,
    { type: 'text', text: 'Hello, TON!'.repeat(100) },
    '7bc628f6d634ab6ddaf10463742b13f0ede3cb828737d9ce1962cc808fbfe7035e77c1a3d0b682acf02d645cc1a244992b276552c0e1c57d30b03c2820d73d01',
  ],
  [
    1_747_760_435,
    { type: 'binary', bytes: Buffer.from('Hello, TON!') },
    '9cf4c1c16b47afce46940eb9cd410894f31544b74206c2254bb1651f9b32cf5b0e482b78a2e8251e54d3517fae4b06c6f23546667d63ff62dccce70451698d01',
  ],
] as const)('is what a wallet signed %#', (timestamp, content, signature) => {
  const signer = readTonAddress('0:f4809e5ffac9dc42a6b1d94c5e74ad5fd86378de675c805f2274d0055cbc9378');
  if (!signer.ok) throw new Error('no address');
  const hash = tonDataHash({ address: signer.value, domain: 'ton-connect.github.io', timestamp, content });
  const key = Buffer.from('22e795a07e832fc9084ca35a488a711f1dbedef637d4e886a6997d93ee2c2e37', 'hex');

  expect(isEd25519Signature(hash, Buffer.from(signature, 'hex'), key)).toBe(true);
});

const text = tonDataMessage({ ...head, content: { type: 'text', text: 'yes' } });
const proof = tonProofMessage({ ...head, payload: 'nonce' });
/** With some bytes replaced. */
const withBytes = (bytes: Buffer, at: number, ...replaced: number[]): Buffer =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(replaced), bytes.subarray(at + replaced.length)]);
const DATA_LENGTH_AT = 24 + 36;
const TYPE_AT = DATA_LENGTH_AT + 4 + head.domain.length + 8;

it.each<readonly [string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['a proof', proof],
  ['a byte too few', text.subarray(0, -1)],
  ['a byte too many', Buffer.concat([text, Buffer.of(0)])],
  ['a third type', withBytes(text, TYPE_AT, 0x78)],
  ['a text that is not UTF-8', withBytes(text, text.length - 1, 0xff)],
  ['a domain that is not UTF-8', withBytes(text, DATA_LENGTH_AT + 4, 0xff)],
  ['a domain of gigabytes', withBytes(text, DATA_LENGTH_AT, 0xff, 0xff, 0xff, 0xff)],
  ['no domain', tonDataMessage({ ...head, domain: '', content: { type: 'text', text: 'yes' } })],
  ['a foreign workchain', withBytes(text, 24, 0, 0, 0, 1)],
  ['a time beyond all clocks', withBytes(text, TYPE_AT - 8, 0xff)],
])('signData of %s is refused', (_, bytes) => {
  expect(readTonDataMessage(bytes)).toBeNull();
});

it.each<readonly [string, Buffer]>([
  ['data', text],
  ['a domain that is longer than the message', withBytes(proof, 18 + 36, 0xff)],
  ['a payload that is not UTF-8', withBytes(proof, proof.length - 1, 0xff)],
])('ton_proof of %s is refused', (_, bytes) => {
  expect(readTonProofMessage(bytes)).toBeNull();
});

/** A message of a cell with another domain, another tail, or without a payload. */
function dataCell(
  domain: string,
  { tail = false, payload = cell }: { tail?: boolean; payload?: Cell | null } = {},
): Buffer {
  const builder = beginCell()
    .storeUint(0x7556_9022, 32)
    .storeUint(1, 32)
    .storeUint(head.timestamp, 64)
    .storeUint(4, 3)
    .storeInt(0, 8)
    .storeBuffer(address.ok ? address.value.hash : Buffer.alloc(32))
    .storeRef(beginCell().storeStringTail(domain).endCell());
  if (payload) builder.storeRef(payload);
  return (tail ? builder.storeBit(1) : builder).endCell().toBoc();
}

it('signData of a cell is its TL-B', () => {
  const content = { type: 'cell', schemaHash: 1, cell } as const;

  expect(dataCell('com\0example\0shop\0')).toEqual(tonDataMessage({ ...head, content }));
});

it.each<readonly [string, Buffer]>([
  ['a domain as text', dataCell('shop.example.com')],
  ['a label with a dot', dataCell('com\0shop.example\0')],
  ['an empty label', dataCell('com\0\0shop\0')],
  ['no domain', dataCell('')],
  ['a long domain', dataCell('a'.repeat(126) + '\0b\0')],
  ['bits behind its fields', dataCell('com\0example\0', { tail: true })],
  ['no payload', dataCell('com\0example\0', { payload: null })],
])('signData of a cell with %s is refused', (_, bytes) => {
  expect(readTonDataMessage(bytes)).toBeNull();
});
