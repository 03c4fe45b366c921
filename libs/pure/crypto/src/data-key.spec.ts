import { inspect } from 'node:util';
import { createDataKey, open, rewrapDataKey, seal, sealBytes, unwrapDataKey } from '.';
import { aRing, counting } from '../testing/rings';
import { spellingsOf } from '../testing/thrown';

const AAD = { table: 'users', column: 'data_key', row: '7f3c' };
const FIELD = { table: 'identities', column: 'display_name', row: '7f3c' };

// Computed with Python's cryptography: bytes 0, 1, 2, ... everywhere.
const WRAPPED =
  'v1:k2:AAECAwQFBgcICQoLiuW3LaCTjsgxFBuHDky3Btyo7WredxLAV3eZKhAwvSnr_gtAqL1IQTuH0QMLKZWjSpHt1oNgVCg';

describe('data keys', () => {
  it('unwrap to the same key', () => {
    const { id, secret } = unwrapDataKey(aRing(), AAD, WRAPPED);

    expect(id).toBe('d1zl7h8l');
    expect(secret.export()).toEqual(counting(32));
  });

  it('are random', () => {
    const made = Array.from({ length: 100 }, () => createDataKey(aRing(), AAD).dataKey);

    expect(new Set(made.map((key) => key.id)).size).toBe(100);
    expect(new Set(made.map((key) => key.secret.export().toString('hex'))).size).toBe(100);
    for (const key of made) expect(key.id).toMatch(/^d[a-z0-9]{7}$/);
  });

  it('seal fields that open after the ring has rotated', () => {
    const { dataKey, wrapped } = createDataKey(aRing({ sealing: ['k1'] }), AAD);
    const sealed = seal(dataKey, FIELD, 'Зоя');

    const later = aRing({ sealing: ['k2', 'k1'] });
    expect(sealed.startsWith(`v1:${dataKey.id}:`)).toBe(true);
    expect(open(unwrapDataKey(later, AAD, wrapped), FIELD, sealed)).toBe('Зоя');
  });

  it('do not open what another user sealed at the same place', () => {
    const ring = aRing();
    const sealed = seal(createDataKey(ring, AAD).dataKey, FIELD, 'Зоя');

    expect(() => open(createDataKey(ring, AAD).dataKey, FIELD, sealed)).toThrow(
      expect.objectContaining({ code: 'unknown_key' }),
    );
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a secret without its id', counting(32)],
    ['an id without its secret', Buffer.from('d0000000')],
    ['an id of another kind', Buffer.concat([Buffer.from('k0000000'), counting(32)])],
    ['a byte too many', Buffer.concat([Buffer.from('d0000000'), counting(33)])],
  ])('are not made of %s', (_, plaintext) => {
    const wrapped = sealBytes(aRing().active('sealing'), AAD, plaintext);

    expect(() => unwrapDataKey(aRing(), AAD, wrapped)).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
    expect(() => rewrapDataKey([aRing(), AAD], [aRing(), AAD], wrapped)).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
  });

  it('are wrapped again by another key and for another row', () => {
    const [owner, { dataKey, wrapped }] = [createDataKey(aRing(), FIELD), createDataKey(aRing(), AAD)];

    const again = rewrapDataKey([aRing(), AAD], [owner.dataKey, FIELD], wrapped);

    expect(unwrapDataKey(owner.dataKey, FIELD, again)).toEqual(dataKey);
    expect(() => unwrapDataKey(aRing(), FIELD, again)).toThrow();
  });

  it('show no secret when printed or turned into JSON', () => {
    const dataKey = unwrapDataKey(aRing(), AAD, WRAPPED);
    const printed = [inspect(dataKey, { showHidden: true }), inspect({ dataKey }), JSON.stringify(dataKey)];

    for (const spelling of spellingsOf(counting(32))) expect(printed.join('\n')).not.toContain(spelling);
  });
});
