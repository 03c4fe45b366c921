import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { extendKeyRing, generateKeyRing, KeyRing, keyCheckValue, type KeyPurpose } from '..';
import { aRing, secretOf } from '../../testing/rings';
import { spellingsOf } from '../../testing/thrown';

const PURPOSES: readonly KeyPurpose[] = ['sealing', 'index', 'token'];

describe('KeyRing', () => {
  it.each(PURPOSES)('gives the active key, keys by id, and all keys, active first: %s', (purpose) => {
    const ring = aRing({ [purpose]: ['b', 'a', 'c'] });

    expect(ring.active(purpose)).toMatchObject({ id: 'b', purpose });
    expect(ring.all(purpose).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
    expect(ring.find(purpose, 'c')?.secret.export()).toEqual(secretOf('c'));
  });

  it('finds no key under the id of another purpose, nor by a name of the language', () => {
    const ring = aRing();

    for (const id of ['i2', 't1', '', 'constructor', '__proto__']) {
      expect(ring.find('sealing', id)).toBeUndefined();
    }
  });

  it('shows no secret when printed or turned into JSON', () => {
    const ring = aRing();
    const keys = PURPOSES.flatMap((purpose) => ring.all(purpose));
    const printed = [ring, ...keys, keys]
      .flatMap((value) => [
        inspect(value),
        inspect(value, { depth: Infinity, showHidden: true, maxArrayLength: Infinity }),
        JSON.stringify(value),
        String(value),
      ])
      .join('\n');

    for (const key of keys) {
      for (const spelling of spellingsOf(secretOf(key.id))) expect(printed).not.toContain(spelling);
    }
    expect(JSON.parse(JSON.stringify(keys[0]))).toEqual({
      id: 'k2',
      purpose: 'sealing',
      secret: {},
    });
  });
});

describe('a ring that is withheld', () => {
  const withheld = () => {
    const ring = aRing();
    ring.withhold(() => {
      throw new Error('not compared');
    });
    return ring;
  };

  it('gives no key for new values or lookups, and finds those that it has', () => {
    const ring = withheld();

    for (const use of ['active', 'all'] as const) expect(() => ring[use]('index')).toThrow('not compared');
    expect(ring.find('sealing', 'k1')?.id).toBe('k1');
    expect(ring.known('sealing')).toHaveLength(2);
    expect(() => ring.find('sealing', 'k9')).toThrow('not compared');

    ring.release();
    expect(ring.active('sealing').id).toBe('k2');
    expect(ring.find('sealing', 'k9')).toBeUndefined();
  });

  it('uses the keys of another ring', () => {
    const ring = withheld();

    ring.replaceBy(aRing({ sealing: ['k9', 'k2'] }));

    expect(ring.all('sealing').map(({ id }) => id)).toEqual(['k9', 'k2']);
    expect(ring.find('sealing', 'k1')).toBeUndefined();
  });
});

describe('extendKeyRing', () => {
  it.each(PURPOSES)('adds one %s key at the end, which does not seal', (purpose) => {
    const before = generateKeyRing();

    const { document, id } = extendKeyRing(before, purpose);

    const former = before[purpose][0]?.id ?? '';
    const idsOf = (keys: typeof document) => keys[purpose].map((key) => key.id);
    expect(idsOf(document)).toEqual([former, id]);
    expect(KeyRing.parse(JSON.stringify(document)).active(purpose).id).toBe(former);
  });
});

describe('generateKeyRing', () => {
  it('makes a ring that parses, with one key per purpose', () => {
    const ring = KeyRing.parse(JSON.stringify(generateKeyRing()));

    for (const [purpose, id] of [
      ['sealing', /^k[a-z0-9]{7}$/],
      ['index', /^i[a-z0-9]{7}$/],
      ['token', /^t[a-z0-9]{7}$/],
    ] as const) {
      expect(ring.all(purpose)).toEqual([ring.active(purpose)]);
      expect(ring.active(purpose)).toMatchObject({ id: expect.stringMatching(id) as string });
    }
  });

  it('never repeats an id or a secret', () => {
    const families = Array.from({ length: 200 }, () => generateKeyRing()).flatMap((document) =>
      PURPOSES.map((purpose) => document[purpose][0]),
    );

    expect(new Set(families.map((key) => key?.id)).size).toBe(600);
    // Short numbers are padded.
    for (const key of families) expect(key?.id).toHaveLength(8);
    expect(new Set(families.map((key) => key?.secret)).size).toBe(600);
  });
});

describe('keyCheckValue', () => {
  // Computed with Python's hmac.
  it.each([
    ['sealing', 'k2', 'aaJ8RhIf0FCAT8UrhubP4_EcXip03IOwzEmf5AOSflQ'],
    ['index', 'i2', 'qZco15_SoOkO79JmuiZm9MIpXzumr7ClRp85Yht6PPA'],
    ['token', 't2', 'b80J-XeL-Tg_Vhqn4VYHofKAQd8IPjYfB28SNecbpdk'],
  ] as const)('is an HMAC over purpose and id: %s', (purpose, id, value) => {
    expect(keyCheckValue(aRing().active(purpose))).toBe(value);
    expect(value).toBe(
      createHmac('sha256', secretOf(id))
        .update(`countersign/key-check/v1/${purpose}/${id}`)
        .digest('base64url'),
    );
  });
});
