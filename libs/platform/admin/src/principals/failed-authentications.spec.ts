import { setImmediate } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { LimitRule, RateLimits, Verdict } from '@countersign/limits';
import { principalError } from '../admin.errors';
import { FailedAuthentications } from './failed-authentications';

const replyOf = (destroyed: boolean): FastifyReply => {
  const reply = { raw: { destroyed }, headers: () => reply } as unknown as FastifyReply;
  return reply;
};
const reply = replyOf(false);
const claimant = { address: '127.0.0.1', principalId: null };

function limitsOf(isAllowed: boolean): RateLimits {
  const judge = (rule: LimitRule): Promise<Verdict> =>
    Promise.resolve({ ...rule, isAllowed, remaining: 0, resetIn: 7 });
  return { peek: judge, consume: judge } as unknown as RateLimits;
}

/** Twenty at once, whose credentials are wrong. @returns their codes, and how many were tried at the same time */
async function flood(isAllowed: boolean) {
  const failures = new FailedAuthentications(limitsOf(isAllowed));
  let [running, most] = [0, 0];
  const codes = await Promise.all(
    Array.from({ length: 20 }, async () =>
      failures
        .watch(claimant, reply, async () => {
          most = Math.max(most, ++running);
          await setImmediate();
          running -= 1;
          throw principalError('principal.invalid_client');
        })
        .catch((error: unknown) => (error as { code: string }).code),
    ),
  );
  return { codes: [...new Set(codes)], most };
}

describe('failed authentications', () => {
  it('are tried at the same time below the limit', async () => {
    expect(await flood(true)).toEqual({ codes: ['principal.invalid_client'], most: 20 });
  });

  it('wait for none of the others above it, and are rate limited', async () => {
    expect(await flood(false)).toEqual({ codes: ['request.rate_limited'], most: 20 });
  });

  it('are not tried above it where the client has gone', async () => {
    const authenticate = jest.fn(() => Promise.resolve('token'));
    const watch = (isAllowed: boolean) =>
      new FailedAuthentications(limitsOf(isAllowed)).watch(claimant, replyOf(true), authenticate);
    await expect(watch(false)).rejects.toMatchObject({ code: 'request.rate_limited' });
    expect(authenticate).not.toHaveBeenCalled();
    expect(await watch(true)).toBe('token');
  });

  it('let a right credential pass above the limit, and other errors through', async () => {
    const failures = new FailedAuthentications(limitsOf(false));
    expect(await failures.watch(claimant, reply, () => Promise.resolve('token'))).toBe('token');
    const scope = principalError('principal.invalid_scope');
    await expect(failures.watch(claimant, reply, () => Promise.reject(scope))).rejects.toBe(scope);
  });
});
