import { TokenCache } from './token-cache';
import { readMinted, type MintedToken } from './minted-token';

function aToken(sub: string, length = 0): MintedToken {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = {
    sub,
    client_id: 'a1',
    scope: 'read write',
    acr: 'platform',
    amr: [],
    auth_time: 0,
    iat: 1,
    exp: 301,
  };
  return readMinted(`${encode({ kid: 'k1' })}.${encode(claims)}.${'s'.repeat(length)}`);
}

const SIZE = aToken('u0000').token.length + 2;

/** Room for four, two of which go together. */
const room = (): TokenCache => new TokenCache(4 * SIZE);

interface Read {
  readonly read: Map<string, MintedToken>;
}

/** Those whose claims are cached too. */
function readOf(cache: TokenCache): Map<string, MintedToken> {
  return (cache as unknown as Read).read;
}

describe('tokens in memory', () => {
  it('are given back with all that they say, also when only their text is cached', () => {
    const cache = room();
    cache.set('s1 shop', aToken('u0001'));
    expect(cache.get('s1 shop')).toEqual(aToken('u0001'));
    readOf(cache).clear();

    expect(cache.get('s1 shop')).toEqual(aToken('u0001'));
    expect(cache.get('s1 shop ')).toBeUndefined();
  });

  it('are cached with their claims up to a number, after which it begins anew', () => {
    const cache = new TokenCache(3_000 * SIZE);
    for (let count = 0; count < 1_100; count += 1) cache.set(String(count), aToken(`u${count}`));

    expect(readOf(cache).size).toBe(1_100 - 1_024);
    expect(cache.get('0')?.userId).toBe('u0');
    expect(readOf(cache).size).toBe(1_100 - 1_024 + 1);
  });

  it('go by age, half of them at a time', () => {
    const cache = room();
    for (const name of ['1', '2', '3', '4', '5']) cache.set(name, aToken(`u000${name}`));
    readOf(cache).clear();

    expect(['1', '2', '3', '4', '5'].map((name) => cache.get(name)?.userId)).toEqual([
      undefined,
      undefined,
      'u0003',
      'u0004',
      'u0005',
    ]);
    expect(cache.size).toBe(3);
  });

  it('are replaced by newer ones of their name', () => {
    const cache = room();
    for (const user of ['u0001', 'u0002', 'u0003']) cache.set('same', aToken(user));
    readOf(cache).clear();

    expect(cache.get('same')?.userId).toBe('u0003');
  });

  it('are not kept when they are too long, and push out no others', () => {
    const cache = room();
    cache.set('1', aToken('u0001'));
    for (const length of [3 * SIZE, 70_000]) cache.set('long', aToken('u0002', length));
    readOf(cache).clear();

    expect(cache.get('long')).toBeUndefined();
    expect(cache.get('1')?.userId).toBe('u0001');
  });
});
