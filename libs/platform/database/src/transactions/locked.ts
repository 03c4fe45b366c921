import type { EntityManager, EntityTarget, FindOptionsOrder, FindOptionsWhere, ObjectLiteral } from 'typeorm';

declare const isLocked: unique symbol;

/** A row that is locked until the transaction ends. A row that the transaction inserted is locked too. */
export type Locked<Row> = Row & { readonly [isLocked]: true };

/** Marks a row that a statement of the calling repository has locked or inserted. */
export function locked<Row>(row: Row): Locked<Row> {
  // oxlint-disable-next-line core/no-restricted-syntax -- the only function that marks rows
  return row as Locked<Row>;
}

type LockMode = 'for_no_key_update' | 'pessimistic_write';

/** Finds a row, and locks it until the transaction ends. @param mode `pessimistic_write` also blocks new references */
export async function lockRow<Row extends ObjectLiteral>(
  tx: EntityManager,
  entity: EntityTarget<Row>,
  where: FindOptionsWhere<Row>,
  mode: LockMode = 'for_no_key_update',
): Promise<Locked<Row> | null> {
  const row = await tx.findOne(entity, { where, lock: { mode } });
  return row && locked(row);
}

/** Locks the rows in the order of their ids. */
export async function lockRows<Row extends ObjectLiteral & { readonly id: string }>(
  tx: EntityManager,
  entity: EntityTarget<Row>,
  where: FindOptionsWhere<Row>,
  mode: LockMode = 'for_no_key_update',
): Promise<readonly Locked<Row>[]> {
  const order = { id: 'ASC' } as FindOptionsOrder<Row>;
  return (await tx.find(entity, { where, order, lock: { mode } })).map(locked);
}
