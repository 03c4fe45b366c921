import type { RequestListener } from 'node:http';
import { aKey, aTokenOf, TestIssuer } from '../testing/test-issuer';
import { createIdentityTokenVerifier, type IdentityTokenOptions, type IdentityTokenVerifier } from '.';

const HOUR = 3_600;

const first = aKey('first');
const second = aKey('second');

let issuer: TestIssuer;
let verifier: IdentityTokenVerifier;

beforeEach(async () => {
  issuer = new TestIssuer();
  issuer.published = [first.jwk];
  await issuer.start();
  verifier = aVerifier();
});
afterEach(() => issuer.stop());

function aVerifier(options: Partial<IdentityTokenOptions> = {}): IdentityTokenVerifier {
  return createIdentityTokenVerifier({
    issuer: issuer.url,
    audience: 'shop',
    now: () => issuer.now,
    ...options,
  });
}

/** "accepted", or the code of the refusal of a token that is right but for its key. */
async function outcomeOf(key = first, by = verifier): Promise<string> {
  const token = await aTokenOf(key, issuer.claims());
  return by.verify(token).then(
    () => 'accepted',
    (error: unknown) => (error as { code: string }).code,
  );
}

/** Until requests on their way have had their effect. */
async function settled(condition: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 500 && !(await condition()); turns += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('the keys of the issuer', () => {
  it('are asked for once by simultaneous calls, and then serve', async () => {
    expect(await Promise.all(Array.from({ length: 100 }, () => outcomeOf()))).toEqual(
      Array(100).fill('accepted'),
    );
    issuer.wait(299);
    expect(await outcomeOf()).toBe('accepted');

    expect(issuer.asked).toBe(1);
  });

  it('go on while newer ones are on their way, for which nobody waits', async () => {
    await outcomeOf();
    issuer.wait(300);
    issuer.answer = () => undefined;

    expect(await outcomeOf()).toBe('accepted');
    expect(await outcomeOf()).toBe('accepted');
    await settled(async () => issuer.asked === 2);
    expect(issuer.asked).toBe(2);
  });

  it('are asked for again before they serve after a long silence, also where the last answer was a failure', async () => {
    await outcomeOf();
    issuer.wait(400);
    issuer.answer = (_, response) => response.writeHead(503).end();
    await outcomeOf();
    await settled(async () => issuer.asked === 2);
    await new Promise((resolve) => setTimeout(resolve, 50));

    issuer.answer = null;
    issuer.published = [second.jwk];
    issuer.wait(20 * HOUR);

    expect(await outcomeOf()).toBe('unknown_key');
  });
});

describe('a rotation', () => {
  it('loses no token, when it is told beforehand', async () => {
    await outcomeOf();
    issuer.published = [first.jwk, second.jwk];
    issuer.wait(300);
    await outcomeOf();
    await settled(async () => (await outcomeOf(second)) === 'accepted');

    expect(await outcomeOf(second)).toBe('accepted');
    expect(await outcomeOf(first)).toBe('accepted');
  });

  it('loses no token, when it is not told beforehand', async () => {
    await outcomeOf();
    issuer.published = [first.jwk, second.jwk];

    expect(await outcomeOf(second)).toBe('accepted');
    expect(issuer.asked).toBe(2);
  });

  it('ends with a key that is believed no longer, once newer keys have come', async () => {
    issuer.published = [first.jwk, second.jwk];
    await outcomeOf();
    issuer.published = [second.jwk];
    issuer.wait(300);
    await outcomeOf();
    await settled(async () => (await outcomeOf(first)) !== 'accepted');

    expect(await outcomeOf(first)).toBe('unknown_key');
    expect(await outcomeOf(second)).toBe('accepted');
  });
});

describe('a flood of tokens with made-up keys', () => {
  it('asks the issuer once in 30 seconds', async () => {
    const junk = Array.from({ length: 20 }, (_, index) => ({ ...second, keyId: `junk-${index}` }));
    const flood = (): Promise<string[]> => Promise.all(junk.map((key) => outcomeOf(key)));
    await outcomeOf();

    for (let round = 0; round < 5; round += 1) {
      expect(new Set(await flood())).toEqual(new Set(['unknown_key']));
    }
    expect(issuer.asked).toBe(2);
    issuer.wait(29);
    await flood();
    expect(issuer.asked).toBe(2);
    issuer.wait(1);
    await flood();
    expect(issuer.asked).toBe(3);
    expect(await outcomeOf()).toBe('accepted');
  });
});

describe('while the issuer is away', () => {
  it('the last keys serve for a day, and then none', async () => {
    await outcomeOf();
    await issuer.stop();

    for (const wait of [300, HOUR, 22 * HOUR]) {
      issuer.wait(wait);
      expect(await outcomeOf()).toBe('accepted');
    }
    issuer.wait(HOUR);
    expect(await outcomeOf()).toBe('keys_unavailable');
  });

  it('nobody can say that a key is not one of its new ones', async () => {
    await outcomeOf();
    await issuer.stop();
    issuer.wait(HOUR);

    expect(await outcomeOf(second)).toBe('keys_unavailable');
  });

  it('nothing of it stays once it is back: a key that leaves is missed, and it is asked again soon', async () => {
    await issuer.stop();
    expect(await outcomeOf()).toBe('keys_unavailable');
    await issuer.start();
    issuer.wait(1);
    expect(await outcomeOf()).toBe('accepted');

    issuer.published = [second.jwk];
    issuer.wait(HOUR);
    expect(await outcomeOf(first)).toBe('unknown_key');
    await issuer.stop();
    issuer.wait(24 * HOUR);
    expect(await outcomeOf(second)).toBe('keys_unavailable');
    await issuer.start();
    issuer.wait(1);
    expect(await outcomeOf(second)).toBe('accepted');
  });

  it('it is asked ever more rarely, down to once a minute', async () => {
    issuer.answer = (_, response) => response.writeHead(500).end();
    const askedIn = async (seconds: number): Promise<number> => {
      const before = issuer.asked;
      for (let passed = 0; passed < seconds; passed += 1) {
        await outcomeOf();
        issuer.wait(1);
      }
      return issuer.asked - before;
    };

    // At 0, 1, 3, 7, 15, 31, 63, 123 seconds.
    expect(await askedIn(64)).toBe(7);
    expect(await askedIn(600)).toBe(10);
  });

  it('whoever runs the service is told, also when they throw', async () => {
    const told: unknown[] = [];
    verifier = aVerifier({
      onRefreshFailed: (cause) => {
        told.push(cause);
        throw new Error('the log is full');
      },
    });
    await issuer.stop();

    expect(await outcomeOf()).toBe('keys_unavailable');
    expect(told).toHaveLength(1);
  });
});

describe('a slow issuer', () => {
  it.each<[string, RequestListener]>([
    ['that does not answer', () => undefined],
    ['whose answer does not end', (_, response) => response.writeHead(200).write('{')],
  ])('%s is not waited for', async (_, answer) => {
    issuer.answer = answer;
    verifier = aVerifier({ timeLimit: 0.1 });

    expect(await outcomeOf()).toBe('keys_unavailable');
  });

  it('is not waited for either when the way to it ignores the end of the time', async () => {
    verifier = aVerifier({ timeLimit: 0.1, fetch: () => new Promise(() => undefined) });

    expect(await outcomeOf()).toBe('keys_unavailable');
  });

  it('makes nobody wait, however old the keys are, once it has failed to answer', async () => {
    verifier = aVerifier({ timeLimit: 30 });
    await outcomeOf();
    issuer.answer = (request) => request.destroy();
    issuer.wait(HOUR);
    expect(await outcomeOf()).toBe('accepted');

    issuer.answer = () => undefined;
    issuer.wait(1);
    expect(await outcomeOf()).toBe('accepted');
    await settled(async () => issuer.asked === 3);
    expect(issuer.asked).toBe(3);
  });
});

describe('an answer that is no set of keys', () => {
  const body = (text: string, status = 200): RequestListener => {
    return (_, response) => response.writeHead(status).end(text);
  };

  it.each<[string, RequestListener]>([
    ['nothing', body('')],
    ['a page', body('<!doctype html>')],
    ['a list', body('[]')],
    ['an object', body('{}')],
    ['keys that are none', body('{"keys":{}}')],
    ['no text', (_, response) => response.end(Buffer.from([0x7b, 0xff, 0x7d]))],
    ['too long', body(JSON.stringify({ keys: [first.jwk], more: 'x'.repeat(65_536) }))],
    ['not found', body(JSON.stringify({ keys: [first.jwk] }), 404)],
    ['an error', body(JSON.stringify({ keys: [first.jwk] }), 500)],
    ['cut off', (request) => request.destroy()],
    ['elsewhere', (_, response) => response.writeHead(302, { location: '/other' }).end()],
  ])('leaves the keys as they were: %s', async (_, answer) => {
    const told: unknown[] = [];
    verifier = aVerifier({ onRefreshFailed: (cause) => told.push(cause) });
    await outcomeOf();
    issuer.answer = answer;
    issuer.wait(300);
    await outcomeOf();
    await settled(async () => told.length > 0);

    expect(told).toHaveLength(1);
    expect(issuer.asked).toBe(2);
    expect(await outcomeOf()).toBe('accepted');
    expect(await outcomeOf(first, aVerifier())).toBe('keys_unavailable');
  });
});

describe('a set with a key that cannot verify', () => {
  const { jwk } = first;

  it.each<[string, unknown, string]>([
    ['for encryption', { ...jwk, use: 'enc' }, 'algorithm_refused'],
    ['for signing', { ...jwk, key_ops: ['sign'] }, 'algorithm_refused'],
    ['of another algorithm', { ...jwk, alg: 'ES384' }, 'algorithm_refused'],
    ['that is symmetric', { kty: 'oct', k: 'c2VjcmV0', kid: 'first', alg: 'HS256' }, 'algorithm_refused'],
    ['that is no point of its curve', { ...jwk, x: jwk['y'], y: jwk['x'] }, 'unknown_key'],
    ['without a half', { ...jwk, y: undefined }, 'unknown_key'],
    ['that is private', { ...first.privateKey.export({ format: 'jwk' }), kid: 'first' }, 'unknown_key'],
  ])('refuses tokens of a key %s, and no others', async (_, key, code) => {
    issuer.published = [key, second.jwk, { ...first.jwk, kid: undefined }];

    expect(await outcomeOf(first)).toBe(code);
    expect(await outcomeOf(second)).toBe('accepted');
  });

  it('refuses tokens of an id that two keys have', async () => {
    issuer.published = [first.jwk, { ...second.jwk, kid: 'first' }];

    expect(await outcomeOf(first)).toBe('unknown_key');
  });
});

describe('a clock that was set back', () => {
  it('does not make keys new for ever', async () => {
    await outcomeOf();
    issuer.published = [second.jwk];
    issuer.wait(-10 * HOUR);

    expect(await outcomeOf(first)).toBe('unknown_key');
    expect(await outcomeOf(second)).toBe('accepted');
  });
});
