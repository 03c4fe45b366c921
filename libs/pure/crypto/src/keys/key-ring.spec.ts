import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { extendKeyRing, generateKeyRing, KeyRing, keyCheckValue, type KeyPurpose } from '..';
import { aRing, ringDocument, secretOf } from '../../testing/rings';
import { spellingsOf } from '../../testing/thrown';

const PURPOSES: readonly KeyPurpose[] = ['sealing', 'index', 'token'];

describe('KeyRing', () => {
  it.each(PURPOSES)('gives the active key, keys by id, and all keys, active first: %s', (purpose) => {
    const ring = aRing({ [purpose]: ['b', 'a', 'c'] });

    expect(ring.active(purpose)).toMatchObject({ id: 'b', epoch: 3, purpose });
    expect(ring.all(purpose).map((key) => [key.id, key.epoch])).toEqual([
      ['b', 3],
      ['a', 1],
      ['c', 2],
    ]);
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
      epoch: 2,
      purpose: 'sealing',
      secret: {},
    });
  });
});

describe('a ring that follows a state', () => {
  const state = (sealing: string, ...retired: string[]) => ({
    active: { sealing, index: 'i2', token: 't2' },
    retired: new Set(retired),
  });

  it('seals under the key that the state names, not the one that its document names', () => {
    const ring = aRing();

    ring.follow(state('k1'));

    expect(ring.active('sealing').id).toBe('k1');
    expect(ring.all('sealing').map(({ id }) => id)).toEqual(['k1', 'k2']);
    expect(ring.declared('sealing').id).toBe('k2');
  });

  it('uses a retired key for nothing, and still knows it', () => {
    const ring = aRing();

    ring.follow(state('k2', 'k1', 'i1'));

    expect(ring.find('sealing', 'k1')).toBeUndefined();
    expect(ring.all('index').map(({ id }) => id)).toEqual(['i2']);
    expect(ring.known('sealing').map(({ id }) => id)).toEqual(['k2', 'k1']);
    ring.follow(state('k2'));
    expect(ring.find('sealing', 'k1')).toBeDefined();
  });

  it('stays as it was when it lacks the active key', () => {
    const ring = aRing();

    expect(() => {
      ring.follow(state('k9'));
    }).toThrow(new RangeError('the key ring lacks the key k9'));
    expect(ring.active('sealing').id).toBe('k2');
  });

  it('gives no key for new values or lookups until it follows a state, once it is withheld', () => {
    const ring = aRing();
    ring.withhold(() => {
      throw new Error('not compared');
    });

    for (const use of ['active', 'lastActive', 'all'] as const)
      expect(() => ring[use]('index')).toThrow('not compared');
    expect(ring.find('sealing', 'k1')?.id).toBe('k1');

    ring.follow(state('k1'));
    expect(ring.active('sealing').id).toBe('k1');
    expect(ring.lastActive('sealing').id).toBe('k1');
  });

  it('asks its guard before it seals or looks up, and not before it opens', () => {
    const ring = aRing();
    ring.guard((purpose) => {
      if (purpose !== 'token') throw new Error(`not now: ${purpose}`);
    });

    expect(() => ring.active('sealing')).toThrow('not now: sealing');
    expect(() => ring.all('index')).toThrow('not now: index');
    expect(ring.active('token').id).toBe('t2');
    expect(ring.find('sealing', 'k1')?.id).toBe('k1');
    expect(ring.known('sealing')).toHaveLength(2);
  });
});

describe('extendKeyRing', () => {
  it.each(PURPOSES)('adds one %s key of the next epoch, which is not active', (purpose) => {
    const before = generateKeyRing();

    const { document, id } = extendKeyRing(before, purpose);

    const ring = KeyRing.parse(JSON.stringify(document));
    expect(ring.active(purpose).id).toBe(before[purpose].active);
    expect(ring.find(purpose, id)).toMatchObject({ epoch: 2, purpose });
    expect(extendKeyRing(document, purpose).document[purpose].keys.map(({ epoch }) => epoch)).toEqual([
      1, 2, 3,
    ]);
    expect(document[purpose].keys[0]).toEqual(before[purpose].keys[0]);
    // Former keys are taken out: the next one is newer all the same.
    const slim = { ...document, [purpose]: { active: id, keys: document[purpose].keys.slice(1) } };
    expect(extendKeyRing(slim, purpose).document[purpose].keys.map(({ epoch }) => epoch)).toEqual([2, 3]);
  });
});

describe('generateKeyRing', () => {
  it('makes a ring that parses, with one key of epoch 1 per purpose', () => {
    const ring = KeyRing.parse(JSON.stringify(generateKeyRing()));

    for (const [purpose, id] of [
      ['sealing', /^k[a-z0-9]{7}$/],
      ['index', /^i[a-z0-9]{7}$/],
      ['token', /^t[a-z0-9]{7}$/],
    ] as const) {
      expect(ring.all(purpose)).toEqual([ring.active(purpose)]);
      expect(ring.active(purpose)).toMatchObject({ id: expect.stringMatching(id) as string, epoch: 1 });
    }
  });

  it('never repeats an id or a secret', () => {
    const families = Array.from({ length: 200 }, () => generateKeyRing()).flatMap((document) =>
      PURPOSES.map((purpose) => document[purpose].keys[0]),
    );

    expect(new Set(families.map((key) => key?.id)).size).toBe(600);
    expect(new Set(families.map((key) => key?.secret)).size).toBe(600);
  });

  it('pads short ids', () => {
    const document = generateKeyRing((size) => Buffer.alloc(size));

    expect(document.sealing.active).toBe('k0000000');
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

  it('tells another secret under the same id', () => {
    const document = ringDocument();
    const [, key] = document.sealing.keys;
    if (key) key.secret = secretOf('another').toString('base64url');
    const other = KeyRing.parse(JSON.stringify(document)).active('sealing');

    expect(other.id).toBe('k2');
    expect(keyCheckValue(other)).not.toBe(keyCheckValue(aRing().active('sealing')));
  });
});
