import { isCountedRefusal, type Refusal } from './refusal-limit';

const aRefusal = (change: Partial<Refusal>): Refusal => ({
  status: 401,
  code: 'dpop.malformed',
  challenge: { scheme: 'DPoP', error: 'invalid_dpop_proof' },
  ...change,
});

describe('a limit on refusals', () => {
  it.each([
    ['a proof that is none', {}],
    ['a body that is none', { status: 400, code: 'request.invalid', challenge: undefined }],
  ])('counts %s', (_, change) => {
    expect(isCountedRefusal(aRefusal(change))).toBe(true);
  });

  it.each<[string, Partial<Refusal>]>([
    [
      'the demand for a nonce',
      { code: 'dpop.nonce_stale', challenge: { scheme: 'DPoP', error: 'use_dpop_nonce' } },
    ],
    ['a page of a foreign origin', { status: 403, code: 'request.origin_not_allowed', challenge: undefined }],
    ['a limit that is reached', { status: 429, code: 'request.rate_limited', challenge: undefined }],
  ])('does not count %s', (_, change) => {
    expect(isCountedRefusal(aRefusal(change))).toBe(false);
  });
});
