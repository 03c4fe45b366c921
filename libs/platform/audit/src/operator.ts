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

/** The operator in whose name this work runs; `null` for the work of people and of the service itself. */
export function actingOperator(): string | null {
  return acting.getStore()?.actor ?? null;
}

/** The actor of an operator's act; `operator` outside of `actingAs`, as in tests. */
export function operator(): string {
  return actingOperator() ?? 'operator';
}

export function actingRequest(): string | null {
  return acting.getStore()?.requestId ?? null;
}
