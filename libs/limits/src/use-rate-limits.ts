import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressLimit } from './address-limits';
import { countedAddress } from './counted-address';
import type { LimitKey } from './limit-rule';
import type { RateLimits } from './rate-limits';
import { assertAllowed, noteVerdict } from './verdict-headers';

/** A proof, a token or a body was refused. 409 and 429 come after a valid proof. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404, 410, 422]);

/**
 * Enforces the address limits of routes, see `LimitsRefusals` and `LimitsCalls`. Call it before hooks that
 * read bodies or query the database, and after those that let browsers read a refusal.
 */
export function useRateLimits(fastify: FastifyInstance, limits: RateLimits): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { addressLimit } = request.routeOptions.config;
    const key = addressLimit && keyOf(request.ip);
    if (!addressLimit || !key) {
      done();
      return;
    }
    hold(limits, addressLimit, key, reply).then(() => {
      done();
    }, done);
  });
  // Before the response is sent, so that the next call finds it counted.
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    const { addressLimit } = request.routeOptions.config;
    const isCounted = addressLimit?.counts === 'refusals' && isRefusal(request, reply);
    const key = isCounted ? keyOf(request.ip) : null;
    if (!addressLimit || !key) {
      done();
      return;
    }
    limits.consume(addressLimit.rule, key).then(() => {
      done();
    }, done);
  });
}

async function hold(
  limits: RateLimits,
  { rule, counts }: AddressLimit,
  key: LimitKey,
  reply: FastifyReply,
): Promise<void> {
  const verdict = await (counts === 'calls' ? limits.consume(rule, key) : limits.peek(rule, key));
  // A successful client does not need the number of refusals left.
  if (counts === 'calls' || !verdict.isAllowed) noteVerdict(reply, verdict);
  assertAllowed(verdict);
}

/** The demand for a nonce is a step of RFC 9449, after an otherwise valid proof. */
function isRefusal({ problemCode, challenge }: FastifyRequest, reply: FastifyReply): boolean {
  // A page of a foreign origin, in the browser of a person at this address.
  if (problemCode === 'request.origin_not_allowed') return false;
  return REFUSALS.has(reply.statusCode) && challenge?.error !== 'use_dpop_nonce';
}

function keyOf(ip: string): LimitKey | null {
  const address = countedAddress(ip);
  return address === null ? null : ['address', address];
}
