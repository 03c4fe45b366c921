import { createHmac, hkdfSync } from 'node:crypto';
import { aRing, secretOf } from '../../testing/rings';
import { deriveMacKey, macOf } from './mac-key';

const MESSAGE = Buffer.from('a message');
const key = (id: 'i1' | 'i2', context = 'test/v1') => {
  const found = aRing().find('index', id);
  if (!found) throw new Error('no such key');
  return deriveMacKey(found, context);
};

describe('a key derived for message authentication', () => {
  it('is that of HKDF and HMAC as others compute them', () => {
    const derived = Buffer.from(hkdfSync('sha256', secretOf('i1'), '', 'test/v1/i1', 32));

    expect(macOf(key('i1'), MESSAGE)).toEqual(createHmac('sha256', derived).update(MESSAGE).digest());
  });

  it('differs by key of the ring and by context', () => {
    const macs = [key('i1'), key('i2'), key('i1', 'test/v2')].map((one) =>
      macOf(one, MESSAGE).toString('hex'),
    );

    expect(new Set(macs).size).toBe(3);
  });
});
