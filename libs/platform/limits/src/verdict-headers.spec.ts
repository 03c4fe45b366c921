import type { FastifyReply } from 'fastify';
import { AppError } from '@countersign/errors';
import type { Verdict } from './limit-rule';
import { assertAllowed, noteVerdict } from './verdict-headers';

const aVerdict = (overrides: Partial<Verdict> = {}): Verdict => ({
  name: 'sign-in',
  limit: 600,
  window: 600,
  isAllowed: true,
  remaining: 599,
  resetIn: 600,
  ...overrides,
});

/** The headers after these verdicts were noted on one answer. */
function headersAfter(...verdicts: readonly Verdict[]): Record<string, string> {
  const headers: Record<string, string> = {};
  const reply = { headers: (more: object) => Object.assign(headers, more) } as unknown as FastifyReply;
  for (const verdict of verdicts) noteVerdict(reply, verdict);
  return headers;
}

describe('noteVerdict', () => {
  it('writes the structured fields of the draft', () => {
    expect(headersAfter(aVerdict({ resetIn: 42 }))).toEqual({
      'ratelimit-policy': '"sign-in";q=600;w=600',
      ratelimit: '"sign-in";r=599;t=42',
    });
  });

  const reached = aVerdict({ name: 'reached', isAllowed: false, remaining: 0, resetIn: 5 });
  it.each([
    ['fewer left', aVerdict({ name: 'tight', remaining: 3 }), aVerdict()],
    ['a limit that is reached', reached, aVerdict({ remaining: 0, resetIn: 500 })],
    ['a longer wait', aVerdict({ name: 'long', resetIn: 601 }), aVerdict()],
    ['a longer wait at two that are reached', { ...reached, name: 'long', resetIn: 6 }, reached],
  ])('tells of the one with %s, in whatever order', (_, tight, other) => {
    expect(headersAfter(other, tight)).toEqual(headersAfter(tight));
    expect(headersAfter(tight, other)).toEqual(headersAfter(tight));
  });
});

describe('assertAllowed', () => {
  it('lets pass what is allowed, also the last one', () => {
    expect(() => assertAllowed(aVerdict({ remaining: 0 }))).not.toThrow();
  });

  it('refuses with the seconds to wait', () => {
    const refuse = () => assertAllowed(aVerdict({ isAllowed: false, remaining: 0, resetIn: 7 }));

    expect(refuse).toThrow(AppError);
    expect(refuse).toThrow(
      expect.objectContaining({
        code: 'request.rate_limited',
        kind: 'rate-limited',
        options: { retryAfterSeconds: 7 },
      }),
    );
  });
});
