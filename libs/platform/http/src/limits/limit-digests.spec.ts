import type { Configuration } from '@countersign/runtime';
import { generateKeyRing, KeyRing } from '@countersign/crypto';
import { LimitDigests } from './limit-digests';

const document = generateKeyRing();
const digestsOf = (ring: object) =>
  new LimitDigests({ keyRing: KeyRing.parse(JSON.stringify(ring)) } as Configuration);

describe('LimitDigests', () => {
  it('agrees between replicas with one ring, and with no other', () => {
    const digest = digestsOf(document).of('user', '279058397');

    expect(digest).toMatch(/^[\w-]{43}$/);
    expect(digestsOf(document).of('user', '279058397')).toBe(digest);
    expect(digestsOf(generateKeyRing()).of('user', '279058397')).not.toBe(digest);
  });

  it('is the same with one more key at the end', () => {
    const [other] = generateKeyRing().token;
    if (!other) throw new Error('no key');
    const token = [...document.token, other];

    expect(digestsOf({ ...document, token }).of('a')).toBe(digestsOf(document).of('a'));
  });

  it('gives different digests for different lists of parts', () => {
    const digests = digestsOf(document);
    const lists = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], ['a', 'b', 'c']];

    expect(new Set(lists.map((parts) => digests.of(...parts))).size).toBe(lists.length);
  });

  it('takes whatever a client sent', () => {
    expect(digestsOf(document).of('\ud83e', '\0', '', Buffer.of(0xff))).toHaveLength(43);
  });
});
