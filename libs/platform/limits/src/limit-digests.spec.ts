import type { Configuration } from '@countersign/config';
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

  it('goes by the oldest key, so that replicas agree while another one becomes active', () => {
    const [other] = generateKeyRing().token.keys;
    if (!other) throw new Error('no key');
    const { token } = document;
    const keys = [...token.keys, { ...other, epoch: 2 }];
    const digest = digestsOf(document).of('a');

    expect(digestsOf({ ...document, token: { ...token, keys } }).of('a')).toBe(digest);
    expect(digestsOf({ ...document, token: { active: other.id, keys } }).of('a')).toBe(digest);
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
