import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AddressLimit } from './address-limits';
import type { LimitKey } from './limit-rule';
import type { RateLimits } from './rate-limits';
import { addressKey, isCountedRefusal } from './counted-address';
import { assertAllowed, noteVerdict } from './verdict-headers';

/**
 * Enforces the address limits of routes, see `LimitsRefusals` and `LimitsCalls`. Call it before hooks that
 * read bodies or query the database, and after those that let browsers read a refusal.
 */
export function useRateLimits(fastify: FastifyInstance, limits: RateLimits): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { addressLimit } = request.routeOptions.config;
    const key = addressLimit ? addressKey(request.ip) : null;
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
    const { problemCode: code, routeOptions } = request;
    const { addressLimit } = routeOptions.config;
    const isCounted =
      addressLimit?.counts === 'refusals' && isCountedRefusal({ status: reply.statusCode, code });
    const key = isCounted ? addressKey(request.ip) : null;
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
