import { aRequest, later } from '../../testing/dpop/a-request';
import { DeviceKey, type ProofRequest } from '../../testing/dpop/device-key';
import { verifyDpopProof, type DpopExpectation } from './verify-dpop-proof';

const { request, expected } = aRequest();
const key = DeviceKey.generate();

async function outcomeOf(change: Partial<ProofRequest>, here: Partial<DpopExpectation>) {
  const result = await verifyDpopProof(await key.prove({ ...request, ...change }), { ...expected, ...here });
  return result.ok ? 'accepted' : result.code;
}

describe('the age of a proof', () => {
  it.each([
    ['as old as may be', 60, 'accepted'],
    ['one second older', 61, 'dpop.too_old'],
    ['as early as may be', -5, 'accepted'],
    ['one second earlier', -6, 'dpop.in_future'],
  ])('is bounded: %s', async (_, elapsed, outcome) => {
    expect(await outcomeOf({}, { now: later(elapsed) })).toBe(outcome);
  });

  it('may have no room at all', async () => {
    const exact = { maxAgeSeconds: 0, futureSeconds: 0 };

    expect(await outcomeOf({}, exact)).toBe('accepted');
    expect(await outcomeOf({}, { ...exact, now: later(1) })).toBe('dpop.too_old');
    expect(await outcomeOf({}, { ...exact, now: later(-1) })).toBe('dpop.in_future');
  });

  it.each([
    [{ maxAgeSeconds: Number.NaN }, 'maxAgeSeconds must be whole seconds'],
    [{ maxAgeSeconds: Number.POSITIVE_INFINITY }, 'maxAgeSeconds must be whole seconds'],
    [{ maxAgeSeconds: -1 }, 'maxAgeSeconds must be whole seconds'],
    [{ futureSeconds: Number.NaN }, 'futureSeconds must be whole seconds'],
    [{ futureSeconds: 0.5 }, 'futureSeconds must be whole seconds'],
    [{ now: new Date(Number.NaN) }, 'now must be a valid date'],
  ])('cannot be left unbounded: %j', async (bounds, message) => {
    await expect(verifyDpopProof('', { ...expected, ...bounds })).rejects.toThrow(new RangeError(message));
  });
});
