import { applyDecorators } from '@nestjs/common';
import { AddRouteConfig } from '../routes/route-config';
import { problemResponses } from '../problems/answers';
import type { FastifyInstance } from 'fastify';
import { assertAllowed, type LimitRule } from './limit-rule';
import type { RateLimits } from './rate-limits';
import { addressKey, isCountedRefusal } from './counted-address';

interface AddressLimit {
  readonly rule: LimitRule;
  readonly counts: 'calls' | 'refusals';
}

declare module 'fastify' {
  interface FastifyContextConfig {
    addressLimit?: AddressLimit;
  }
}

export const refusalRules = {
  'sign-in': { name: 'sign-in-refusals', limit: 120, window: 60 },
  // Foreign pages can make browsers call these routes, so they have their own limit.
  link: { name: 'link-refusals', limit: 120, window: 60 },
  refresh: { name: 'refresh-refusals', limit: 300, window: 60 },
  oauth: { name: 'oauth-refusals', limit: 60, window: 60 },
  // A valid request passes above these two limits. A company shares an address, and a relying party has many visitors.
  openid: { name: 'openid-refusals', limit: 120, window: 60 },
  'openid-client': { name: 'openid-client-refusals', limit: 300, window: 60 },
  // Servers ask for many people, and some of them no longer exist.
  users: { name: 'user-refusals', limit: 600, window: 60 },
} satisfies Record<string, LimitRule>;

export const callRules = {
  redirect: { name: 'redirects', limit: 60, window: 60 },
  // A client's server asks for all its people, and a company may share an address.
  openid: { name: 'openid-calls', limit: 600, window: 60 },
  'wallet-challenge': { name: 'wallet-challenges', limit: 60, window: 60 },
} satisfies Record<string, LimitRule>;

/** Refuses addresses with too many refused calls, before any look-up. Other calls do not count: companies share one. */
export function LimitsRefusals(of: keyof typeof refusalRules): MethodDecorator {
  return limited({ rule: refusalRules[of], counts: 'refusals' });
}

/** For a route that stores data for any client, without a proof. */
export function LimitsCalls(of: keyof typeof callRules): MethodDecorator {
  return limited({ rule: callRules[of], counts: 'calls' });
}

function limited(addressLimit: AddressLimit): MethodDecorator {
  return applyDecorators(AddRouteConfig({ addressLimit }), ...problemResponses(['request.rate_limited']));
}

/** Limits the calls of routes by the caller's address. */
export function useRateLimits(fastify: FastifyInstance, limits: RateLimits): void {
  fastify.addHook('onRoute', (route) => {
    const addressLimit = route.config?.addressLimit;
    if (!addressLimit) return;
    const { rule, counts } = addressLimit;
    route.onRequest = [
      async ({ ip }) => {
        const key = addressKey(ip);
        if (key)
          assertAllowed(await (counts === 'calls' ? limits.consume(rule, key) : limits.peek(rule, key)));
      },
      ...[route.onRequest ?? []].flat(),
    ];
    if (counts === 'calls') return;
    // The count must precede the response, so that the next call sees it.
    route.onSend = async ({ problemCode: code, ip }, { statusCode: status }) => {
      const key = isCountedRefusal({ status, code }) ? addressKey(ip) : null;
      if (key) await limits.consume(rule, key);
    };
  });
}
