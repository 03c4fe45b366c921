import { isCountedRefusal, type Refusal } from './refusal-limit';

const aRefusal = (change: Partial<Refusal>): Refusal => ({
  status: 401,
  code: 'dpop.malformed',
  ...change,
});

describe('a limit on refusals', () => {
  it.each([
    ['a proof that is none', {}],
    ['a body that is none', { status: 400, code: 'request.invalid' }],
  ])('counts %s', (_, change) => {
    expect(isCountedRefusal(aRefusal(change))).toBe(true);
  });

  it.each<[string, Partial<Refusal>]>([
    ['a page of a foreign origin', { status: 403, code: 'request.origin_not_allowed' }],
    ['a limit that is reached', { status: 429, code: 'request.rate_limited' }],
  ])('does not count %s', (_, change) => {
    expect(isCountedRefusal(aRefusal(change))).toBe(false);
  });
});
