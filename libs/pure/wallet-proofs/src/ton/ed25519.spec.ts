import { createHash, sign } from 'node:crypto';
import { tonSigner } from '../../testing/ton-signer';
import { isEd25519Signature, isOfSmallOrder } from './verify-ton-proof';

const P = 2n ** 255n - 19n;

/** The eight points whose eightfold is the neutral element, which is the first of them, as noble computes them. */
const torsion = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
].map((hex) => Buffer.from(hex, 'hex'));

function littleEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

describe('isOfSmallOrder', () => {
  it('knows the eight points, with either sign', () => {
    for (const point of torsion) {
      const otherSign = Buffer.from(point);
      otherSign[31] = (otherSign[31] ?? 0) ^ 0x80;
      expect([isOfSmallOrder(point), isOfSmallOrder(otherSign)]).toEqual([true, true]);
    }
  });

  it('knows them by encodings beyond the field', () => {
    expect([P, P + 1n, P - 1n].map((y) => isOfSmallOrder(littleEndian(y)))).toEqual([true, true, true]);
  });

  it('does not take an ordinary key for one', () => {
    const keys = [1, 2, 3, 4].map((seed) => tonSigner(seed).publicKey);

    expect(keys.map(isOfSmallOrder)).toEqual([false, false, false, false]);
  });

  it('is about forgeries that would be accepted', () => {
    // R is the neutral element, S is zero: no secret is needed.
    const forged = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]);
    const messages = Array.from({ length: 64 }, (_, at) => createHash('sha256').update(String(at)).digest());
    const accepted = torsion.map(
      (key) => messages.filter((one) => isEd25519Signature(one, forged, key)).length,
    );

    expect(accepted[0]).toBe(64);
    expect(Math.min(...accepted)).toBeGreaterThan(0);
  });
});

describe('isEd25519Signature', () => {
  it('accepts what noble signed, and refuses it for another message', () => {
    const key = Buffer.from('fd1724385aa0c75b64fb78cd602fa1d991fdebf76b13c58ed702eac835e9f618', 'hex');
    const signature = Buffer.from(
      '4ea7cab96a7db492893f5cc37e3d4ec49d24652cb738e2eb4f7a9adb0eaeccbc' +
        '99448e2bf780f106e105f255d40462d7f6de601da27bd9d627419a82868fbe0f',
      'hex',
    );

    expect(tonSigner(9).publicKey).toEqual(key);
    expect(isEd25519Signature(Buffer.from('message'), signature, key)).toBe(true);
    expect(isEd25519Signature(Buffer.from('messagE'), signature, key)).toBe(false);
  });

  it('accepts nothing under keys that are no point', () => {
    const keys = [2n, 7n, 8n, 11n, 12n, 13n].map(littleEndian);
    const message = Buffer.from('message');
    const signatures = [Buffer.alloc(64), sign(null, message, tonSigner(9).privateKey)];

    expect(
      keys.flatMap((key) => signatures.map((one) => isEd25519Signature(message, one, key))),
    ).not.toContain(true);
  });
});
