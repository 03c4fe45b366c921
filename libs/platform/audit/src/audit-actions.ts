import { Registry, type NamesOf } from '@countersign/text';

/**
 * The audited actions. A feature adds its own where it calls `defineAuditActions`:
 * `declare module '@countersign/audit' { interface AuditActions extends NamesOf<typeof actions> {} }`
 */
export interface AuditActions extends NamesOf<typeof ownActions> {}
export type AuditAction = keyof AuditActions;

const registry = new Registry<AuditAction, true>('audit action', /^[a-z_]+\.[a-z_]+$/);

/** The closed list of audited actions, of all features whose files have loaded. */
export const auditActions = registry.names;

/** Registers what a feature writes to the audit trail: `subject.deed`. */
export function defineAuditActions<const Actions extends readonly `${string}.${string}`[]>(
  actions: Actions,
): Actions {
  registry.define(Object.fromEntries(actions.map((action) => [action, true])));
  return actions;
}

/** For tests, whose files share a process. */
export function forgetAuditActions(actions: readonly string[]): void {
  registry.forget(Object.fromEntries(actions.map((action) => [action, true])));
}

const ownActions = defineAuditActions([
  'audit.read',
  'audit.exported',
  'audit.verified',
  'audit.day_dropped',
]);
