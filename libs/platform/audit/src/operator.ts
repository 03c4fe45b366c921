import { AsyncLocalStorage } from 'node:async_hooks';

const acting = new AsyncLocalStorage<{ readonly actor: string; readonly requestId: string | null }>();

/**
 * Runs work in the name of an operator: all its audit records name this actor.
 * @param actor `principal:<principalId>` for the administration API, `operator:<name>` for the command line
 */
export function actingAs<T>(actor: string, work: () => T, requestId: string | null = null): T {
  return acting.run({ actor, requestId }, work);
}

/** The operator in whose name this work runs; `null` for work of people and of the service itself. */
export function actingOperator(): string | null {
  return acting.getStore()?.actor ?? null;
}

/** The actor of an operator's act. Outside of `actingAs`, for example in tests, it is `operator`. */
export function operator(): string {
  return actingOperator() ?? 'operator';
}

export function actingRequest(): string | null {
  return acting.getStore()?.requestId ?? null;
}
