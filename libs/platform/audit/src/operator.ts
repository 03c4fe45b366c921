import { AsyncLocalStorage } from 'node:async_hooks';

const acting = new AsyncLocalStorage<{ readonly actor: string; readonly requestId: string | null }>();

/**
 * Runs work in the name of an operator, whom all records of the work name as their actor.
 * @param actor `principal:<principalId>` of the administration API, `operator:<name>` of the command line
 * @param requestId of the request that asks for it, which all records of the work name too
 */
export function actingAs<T>(actor: string, work: () => T, requestId: string | null = null): T {
  return acting.run({ actor, requestId }, work);
}

/** The actor of an operator's act; `operator` outside of `actingAs`, as in tests. */
export function operator(): string {
  return acting.getStore()?.actor ?? 'operator';
}

export function actingRequest(): string | null {
  return acting.getStore()?.requestId ?? null;
}
