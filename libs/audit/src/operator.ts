import { AsyncLocalStorage } from 'node:async_hooks';

const acting = new AsyncLocalStorage<string>();

/**
 * Runs work in the name of an operator, whom all records of the work name as their actor.
 * @param actor `principal:<principalId>` of the administration API, `operator:<name>` of the command line
 */
export function actingAs<T>(actor: string, work: () => T): T {
  return acting.run(actor, work);
}

/** The actor of an operator's act; `operator` outside of `actingAs`, as in tests. */
export function operator(): string {
  return acting.getStore() ?? 'operator';
}
