import { AddRouteConfig } from '@countersign/http';
import type { LimitRule } from './limit-rule';

/** What an address may do, whoever is behind it. */
export interface AddressLimit {
  readonly rule: LimitRule;
  /** Calls of whatever outcome, or only those whose proof or token was refused. */
  readonly counts: 'calls' | 'refusals';
}

declare module 'fastify' {
  interface FastifyContextConfig {
    addressLimit?: AddressLimit;
  }
}

const refusals = {
  'sign-in': { name: 'sign-in-refusals', limit: 120, window: 60 },
  // Pages of others can make browsers ask these: what they spoil is nothing else.
  link: { name: 'link-refusals', limit: 120, window: 60 },
  refresh: { name: 'refresh-refusals', limit: 300, window: 60 },
  oauth: { name: 'oauth-refusals', limit: 60, window: 60 },
} satisfies Record<string, LimitRule>;

const calls = {
  redirect: { name: 'redirects', limit: 60, window: 60 },
} satisfies Record<string, LimitRule>;

/**
 * For a route where guessing is worth a try: an address whose calls were refused too often is refused before anything
 * is looked up. What succeeds does not count: a whole company may share an address.
 */
export function LimitsRefusals(of: keyof typeof refusals): MethodDecorator {
  return AddRouteConfig({ addressLimit: { rule: refusals[of], counts: 'refusals' } });
}

/** For a route that keeps something for whoever asks, without a proof. */
export function LimitsCalls(of: keyof typeof calls): MethodDecorator {
  return AddRouteConfig({ addressLimit: { rule: calls[of], counts: 'calls' } });
}
