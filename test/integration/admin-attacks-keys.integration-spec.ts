import { randomUUID } from 'node:crypto';
import { AuditSigner } from '@countersign/audit';
import { extendKeyRing, generateKeyRing, KeyRing, type KeyRingDocument } from '@countersign/crypto';
import { Rewrapping, RingCheck } from '@countersign/keys';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { useTestApp } from '../support/use-test-app';

describe('a request with an Idempotency-Key', () => {
  const before = generateKeyRing();
  const sealing = extendKeyRing(before, 'sealing');
  const index = extendKeyRing(sealing.document, 'index');
  const app = useTestApp({ keys: JSON.stringify(index.document) });

  it('is answered as before under other keys of the ring, also without the former ones', async () => {
    const operator = await anOperator(app);
    const wanted = { name: randomUUID(), scopes: [] };
    const ask = () => operator.post('/v1/admin/principals', wanted).set('idempotency-key', 'ring');
    const first = await ask().expect(201);

    const read = (ring: KeyRingDocument) =>
      app.nest.get(RingCheck).verify(KeyRing.parse(JSON.stringify(ring)));
    const { document } = index;
    const [sealingKeys, indexKeys] = [document.sealing.toReversed(), document.index.toReversed()];
    await read({ ...document, sealing: sealingKeys, index: indexKeys });
    expect((await ask().expect(201)).body).toEqual(first.body);

    jest.replaceProperty(Rewrapping, 'graceMs', 0);
    await app.nest.get(Rewrapping).run();
    const [stored] = await app.database.query<{ request: string; answer: string }>(
      'SELECT request, answer FROM idempotency_keys',
    );
    for (const sealed of [stored?.request, stored?.answer])
      expect(sealed).toMatch(new RegExp(`^v1:${sealing.id}:`));
    expect((await ask().expect(201)).body).toEqual(first.body);

    app.clock.advance(180);
    await app.nest.get(AuditSigner).run();
    await app.nest.get(Rewrapping).run();
    await read({ ...document, sealing: sealingKeys.slice(0, 1), index: indexKeys.slice(0, 1) });
    expect((await ask().expect(201)).body).toEqual(first.body);
    const another = operator.post('/v1/admin/principals', { ...wanted, scopes: ['users:read'] });
    expectProblem(await another.set('idempotency-key', 'ring'), 422, 'idempotency.key_reused');
  });
});
