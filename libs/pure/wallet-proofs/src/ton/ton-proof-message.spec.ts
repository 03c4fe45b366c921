import { readTonAddress } from './ton-address';
import { readTonProofMessage, tonProofMessage } from './verify-ton-proof';

const address = readTonAddress(`0:${'5a'.repeat(32)}`);
if (!address.ok) throw new Error('no address');
const head = { address: address.value, domain: 'shop.example.com', timestamp: 1_760_000_000 };

it('is read as it was written', () => {
  const message = { ...head, payload: 'nonce é' };

  expect(readTonProofMessage(tonProofMessage(message))).toEqual({
    ...message,
    address: { ...address.value, isTest: null },
  });
});

const proof = tonProofMessage({ ...head, payload: 'nonce' });
/** With some bytes replaced. */
const withBytes = (at: number, ...replaced: number[]): Buffer =>
  Buffer.concat([proof.subarray(0, at), Buffer.from(replaced), proof.subarray(at + replaced.length)]);
const LENGTH_AT = 18 + 36;
const TIME_AT = LENGTH_AT + 4 + head.domain.length;

it.each<readonly [string, Buffer]>([
  ['no bytes', Buffer.alloc(0)],
  ['another prefix', withBytes(0, 0x78)],
  ['a domain that is longer than the message', withBytes(LENGTH_AT, 0xff)],
  ['a domain of gigabytes', withBytes(LENGTH_AT, 0xff, 0xff, 0xff, 0xff)],
  ['a domain that is not UTF-8', withBytes(LENGTH_AT + 4, 0xff)],
  ['no domain', tonProofMessage({ ...head, domain: '', payload: 'nonce' })],
  ['a foreign workchain', withBytes(18, 0, 0, 0, 1)],
  ['a time beyond all clocks', withBytes(TIME_AT + 7, 0xff)],
  ['a payload that is not UTF-8', withBytes(proof.length - 1, 0xff)],
])('%s is refused', (_, bytes) => {
  expect(readTonProofMessage(bytes)).toBeNull();
});
