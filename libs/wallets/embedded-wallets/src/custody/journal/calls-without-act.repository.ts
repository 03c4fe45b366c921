import type { EntityManager } from 'typeorm';
import type { Act } from '@countersign/custody-protocol';
import { CALLS_WITHOUT_ACT, type CallWithoutAct, rows } from '@countersign/database';

export async function callsWithoutAct(
  manager: EntityManager,
  acts: readonly Act[],
): Promise<readonly CallWithoutAct[]> {
  const ids = [acts.map(({ callId }) => callId), acts.map(({ walletId }) => walletId)];
  return rows<CallWithoutAct>(manager, CALLS_WITHOUT_ACT, ids);
}
