import type { EntityManager } from 'typeorm';
import { operator, personActor } from '@countersign/audit';
import type { UsersService } from '@countersign/users';

/** An act of an operator, with its reason where one is asked for. */
export interface OperatorAct {
  readonly by: 'operator';
  readonly reason?: string;
}

/** An act of a person. */
interface PersonAct {
  readonly by: 'person';
  readonly userId: string;
}

/** Whose act a change is: a person's, an operator's, or the service's own (`null`). */
export type TeamActor = PersonAct | OperatorAct | null;

export const BY_OPERATOR: OperatorAct = { by: 'operator' };

/** Whether an operator acts, and not a session. */
export function isOperator(by: object): by is OperatorAct {
  return 'by' in by && by.by === 'operator';
}

/** What the audit trail says of an act beside its actor. */
export function auditWordsOf(actor: TeamActor): Readonly<Record<string, string>> {
  return actor?.by === 'operator' && actor.reason !== undefined ? { reason: actor.reason } : {};
}

/** The actor of a record of the audit trail. */
export async function auditActorOf(
  tx: EntityManager,
  users: UsersService,
  actor: TeamActor,
): Promise<string> {
  if (actor === null) return 'system';
  return actor.by === 'operator' ? operator() : personActor(await users.getAuditPseudonym(tx, actor.userId));
}
