import type { FastifyReply } from 'fastify';
import { defineErrors } from '@countersign/errors';
import type { Verdict } from './limit-rule';

const limitsError = defineErrors({
  'request.rate_limited': {
    kind: 'rate-limited',
    title: 'Too many requests',
    remedy: 'Ask again after the seconds in `Retry-After`.',
  },
});

const noted = new WeakMap<FastifyReply, Verdict>();

/**
 * Reports a limit to the client, in the fields of draft-ietf-httpapi-ratelimit-headers-10. When several apply
 * to one response, the tightest: one that is reached, or else the one with the fewest left.
 */
export function noteVerdict(reply: FastifyReply, verdict: Verdict): void {
  const other = noted.get(reply);
  if (other && !isTighter(verdict, other)) return;
  noted.set(reply, verdict);
  void reply.headers(verdictHeaders(verdict));
}

/** The fields themselves. */
export function verdictHeaders({ name, limit, window, remaining, resetIn }: Verdict): Record<string, string> {
  return {
    'ratelimit-policy': `"${name}";q=${limit};w=${window}`,
    ratelimit: `"${name}";r=${remaining};t=${resetIn}`,
  };
}

/** @throws AppError request.rate_limited */
export function assertAllowed({ isAllowed, resetIn }: Verdict): void {
  if (!isAllowed) throw limitsError('request.rate_limited', { retryAfterSeconds: resetIn });
}

function isTighter(one: Verdict, other: Verdict): boolean {
  if (one.isAllowed !== other.isAllowed) return !one.isAllowed;
  // Of two reached limits, the one with the longer wait.
  if (one.remaining === other.remaining) return one.resetIn > other.resetIn;
  return one.remaining < other.remaining;
}
