import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi } from '../../apps/api/src/bootstrap';
import { describeFailure } from '../../apps/api/src/describe-failure';
import { describeError, exitCodeOf } from '../../apps/cli/src/describe-error';
import { loadConfiguration } from '@countersign/config';
import { generateKeyRing, type KeyRingDocument } from '@countersign/crypto';
import { FakeTransit } from '../support/fake-transit';
import { Countersign } from '../support/run-countersign';
import { TestApp } from '../support/test-app';
import { databaseEnvironment } from '../support/test-database';
import { useTestDatabase } from '../support/use-test-app';

interface WrappedRing {
  readonly sealing: { readonly active: string; readonly keys: { id: string; wrapped: string }[] };
}

describe('a key ring that a KMS wraps', () => {
  const clear: KeyRingDocument = generateKeyRing();
  const database = useTestDatabase({}, { per: 'test' });
  let transit: FakeTransit;
  let folder: string;
  let wrapped: string;

  beforeEach(async () => {
    transit = await FakeTransit.start();
    folder = await mkdtemp(join(tmpdir(), 'ring-'));
    const file = join(folder, 'wrapped.json');
    await countersign(JSON.stringify(clear)).json(`keys wrap --out ${file}`);
    wrapped = await readFile(file, 'utf8');
  });

  afterEach(async () => {
    await transit.stop();
    await rm(folder, { recursive: true });
  });

  function countersign(keys: string): Countersign {
    return new Countersign({ database, keys }, transit.environment);
  }

  function environmentOf(keys: string): NodeJS.ProcessEnv {
    return { NODE_ENV: 'test', ...databaseEnvironment(database), KEYS: keys, ...transit.environment };
  }

  async function failureOf(work: Promise<unknown>): Promise<unknown> {
    return work.then(
      () => {
        throw new Error('it succeeded');
      },
      (error: unknown) => error,
    );
  }

  it('holds no secret in its file, and opens with one call', async () => {
    for (const { secret } of [...clear.sealing.keys, ...clear.index.keys, ...clear.token.keys])
      expect(wrapped).not.toContain(secret);
    expect((await stat(join(folder, 'wrapped.json'))).mode & 0o777).toBe(0o600);
    transit.calls.length = 0;

    const { KEYS: _, ...environment } = environmentOf(wrapped);
    const { keyRing } = await loadConfiguration({ ...environment, KEYS_FILE: join(folder, 'wrapped.json') });

    expect(transit.calls).toEqual(['/v1/transit/decrypt/countersign']);
    const key = keyRing.find('sealing', clear.sealing.active);
    expect(key?.secret.export().toString('base64url')).toBe(clear.sealing.keys[0]?.secret);
  });

  it('gets further keys, wrapped too, and gives an escrow in clear', async () => {
    const [added, escrow] = [join(folder, 'added.json'), join(folder, 'escrow.json')];
    const { keyId } = await countersign(wrapped).json<{ keyId: string }>(`keys add sealing --out ${added}`);
    const next = await readFile(added, 'utf8');

    expect((JSON.parse(next) as WrappedRing).sealing.keys.map(({ id }) => id)).toContain(keyId);
    expect(next).not.toContain('"secret"');
    expect(await countersign(next).json(`keys rotate ${keyId}`)).toMatchObject({ keyId });
    await countersign(next).json(`keys escrow --out ${escrow}`);
    const kept = JSON.parse(await readFile(escrow, 'utf8')) as KeyRingDocument;
    expect(kept.sealing.keys).toContainEqual(clear.sealing.keys[0]);
    expect(kept.sealing.keys).toHaveLength(2);
  });

  it('opens no secret under another id, or of another epoch', async () => {
    const ring = JSON.parse(wrapped) as WrappedRing;
    for (const change of [{ id: 'kother' }, { epoch: 7 }]) {
      const keys = ring.sealing.keys.map((key) => ({ ...key, ...change }));
      const active = keys[0]?.id ?? '';
      const manipulated = JSON.stringify({ ...ring, sealing: { active, keys } });

      const error = await failureOf(loadConfiguration(environmentOf(manipulated)));

      expect(describeFailure(error)).toContain('answers with status 400');
    }
  });

  it('refuses boot and rotation while the KMS is away; a running replica goes on', async () => {
    const { keyRing } = await loadConfiguration(environmentOf(wrapped));
    expect(keyRing.find('sealing', clear.sealing.active)).toBeDefined();
    const app = await TestApp.start({ database, keys: JSON.stringify(clear) });
    const demo = await app.createApplication();
    await transit.stop();

    const boot = await failureOf(startApi(environmentOf(wrapped)));
    expect(describeFailure(boot)).toBe(
      'The key management service of KMS_URL cannot be reached: the key ring stays closed. Running replicas are not affected.',
    );
    const rotation = await failureOf(countersign(wrapped).run('keys rotate kanything'));
    expect(describeError(rotation)).toContain('KMS_URL cannot be reached');
    expect(exitCodeOf(rotation)).toBe(5);
    expect((await app.signIn(demo)).isNewUser).toBe(true);
    await app.close();
    transit = await FakeTransit.start();
  });

  it.each([
    ['is sealed', () => transit.seal(), {}, 'answers with status 503'],
    ['refuses the token', () => undefined, { KMS_TOKEN: 'hvs.wrong' }, 'answers with status 403'],
    ['does not know the key', () => undefined, { KMS_KEY: 'other' }, 'answers with status 404'],
  ])('says so when the KMS %s, and never the token', async (_, prepare, environment, sentence) => {
    prepare();

    const error = await failureOf(loadConfiguration({ ...environmentOf(wrapped), ...environment }));

    expect(describeFailure(error)).toContain(sentence);
    expect(describeFailure(error)).not.toContain('hvs.');
  });

  it('refuses a ring in clear where a KMS is set, and a setting that is incomplete', async () => {
    const inClear = await failureOf(loadConfiguration(environmentOf(JSON.stringify(clear))));
    expect(describeFailure(inClear)).toContain('holds a key in clear although KMS_URL is set');

    const { KMS_TOKEN: _, ...incomplete } = environmentOf(wrapped);
    expect(describeFailure(await failureOf(loadConfiguration(incomplete)))).toContain(
      'KMS_TOKEN_FILE is missing',
    );
    const production = { ...environmentOf(wrapped), NODE_ENV: 'production' };
    expect(describeFailure(await failureOf(loadConfiguration(production)))).toContain(
      'KMS_URL must be an https:// URL in production',
    );
  });

  it('gives up after five seconds, and on an answer that is too long or no answer of Transit', async () => {
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    const late = await failureOf(loadConfiguration(environmentOf(wrapped)));
    expect(timeout).toHaveBeenCalledWith(5_000);
    timeout.mockRestore();
    expect(describeFailure(late)).toContain('does not answer within 5 s');

    const fetching = jest.spyOn(globalThis, 'fetch');
    fetching.mockImplementationOnce(() => Promise.resolve(new Response('x'.repeat(1_048_577))));
    const long = await failureOf(loadConfiguration(environmentOf(wrapped)));
    const key = { plaintext: Buffer.alloc(32, 'key').toString('base64') };
    const strange: string[] = [];
    for (const results of [
      [{}, {}, {}],
      [key, key],
    ]) {
      const answer = JSON.stringify({ data: { batch_results: results } });
      fetching.mockImplementationOnce(() => Promise.resolve(new Response(answer)));
      strange.push(describeFailure(await failureOf(loadConfiguration(environmentOf(wrapped)))));
    }
    fetching.mockRestore();
    expect(describeFailure(long)).toContain('cannot be reached');
    for (const told of strange) expect(told).toContain('could not decrypt every key');
  });

  it('gives its token to no other address', async () => {
    const elsewhere = createServer((_, response) =>
      response
        .writeHead(307, { location: `${transit.environment['KMS_URL']}/v1/transit/decrypt/countersign` })
        .end(),
    ).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    transit.calls.length = 0;
    const { port } = elsewhere.address() as AddressInfo;
    const environment = { ...environmentOf(wrapped), KMS_URL: `http://127.0.0.1:${port}` };

    const error = await failureOf(loadConfiguration(environment));

    elsewhere.close();
    expect(describeFailure(error)).toContain('cannot be reached');
    expect(transit.calls).toEqual([]);
  });
});

describe('the escrow', () => {
  it('is written for its owner only, and over nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ring-'));
    const file = join(folder, 'escrow.json');
    const ring = generateKeyRing();
    const offline = new Countersign({
      database: { url: 'postgresql://nowhere', directUrl: 'postgresql://nowhere' },
      keys: JSON.stringify(ring),
    });

    await offline.json(`keys escrow --out ${file}`);

    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(ring);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await writeFile(file, 'kept');
    expect(await offline.failure(`keys escrow --out ${file}`)).toBe(
      'The file exists already and is not overwritten.',
    );
    expect(await readFile(file, 'utf8')).toBe('kept');
    await rm(folder, { recursive: true });
  });
});
