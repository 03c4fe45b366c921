import { randomUUID } from 'node:crypto';
import { extendKeyRing, generateKeyRing, KeyRing } from '@countersign/crypto';
import { KeyRotation, Rewrapping } from '@countersign/keys';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

const SETTLED_SECONDS = 700;

describe('a request with an Idempotency-Key', () => {
  const before = generateKeyRing();
  const sealing = extendKeyRing(before, 'sealing');
  const index = extendKeyRing(sealing.document, 'index');
  const app = useTestApp({ keys: JSON.stringify(index.document) });

  it('is answered as before under other keys of the ring, also when the former ones are retired', async () => {
    const operator = await anOperator(app);
    const wanted = { name: randomUUID(), kind: 'machine', scopes: [] };
    const ask = () => operator.post('/v1/admin/principals', wanted).set('idempotency-key', 'ring');
    const first = await ask().expect(201);
    const list = '/v1/admin/principals?limit=1';
    const { nextCursor } = (await operator.get(list)).body as { nextCursor: string };

    const [rotation, ring] = [app.nest.get(KeyRotation), app.nest.get(KeyRing)];
    await rotation.rotate(sealing.id);
    await rotation.rotate(index.id);
    await until(() => ring.active('sealing').id === sealing.id && ring.active('index').id === index.id);
    expect((await ask().expect(201)).body).toEqual(first.body);
    await operator.get(`${list}&cursor=${nextCursor}`).expect(200);

    app.clock.advance(SETTLED_SECONDS);
    await app.nest.get(Rewrapping).runToEnd();
    const [stored] = await app.database.query<{ request: string; answer: string }>(
      'SELECT request, answer FROM idempotency_keys',
    );
    for (const sealed of [stored?.request, stored?.answer])
      expect(sealed).toMatch(new RegExp(`^v1:${sealing.id}:`));
    expect((await ask().expect(201)).body).toEqual(first.body);

    app.clock.advance(SETTLED_SECONDS);
    await rotation.retire(before.sealing.active);
    await rotation.retire(before.index.active);
    await until(() => ring.all('index').length === 1);
    expect((await ask().expect(201)).body).toEqual(first.body);
    const another = operator.post('/v1/admin/principals', { ...wanted, kind: 'person' });
    expectProblem(await another.set('idempotency-key', 'ring'), 422, 'idempotency.key_reused');
    expectProblem(await operator.get(`${list}&cursor=${nextCursor}`), 400, 'request.invalid');
  });
});
