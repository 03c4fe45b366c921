import { fromNodes, nullIfAway, type Verification } from '@countersign/chains';
import type { AmountReason } from '@countersign/wallet-reading';

/** What two endpoints say, or the only one. */
export interface Said<T> {
  readonly value: T | null;
  readonly verification: Verification;
  /** Why there is no value. */
  readonly reason: Exclude<AmountReason, 'not_asked'> | null;
}

/** Endpoints are asked at their newest blocks, of which one can be older: what differs is asked again. */
const ROUNDS = 2;

/** @param work `null` where the endpoint cannot know it */
export async function fromTwo<E extends { readonly isPaused: boolean }, T extends bigint | string>(
  endpoints: readonly E[],
  work: (endpoint: E) => Promise<T | null>,
): Promise<Said<T>> {
  for (let round = 1; ; round += 1) {
    const said = compared(await fromNodes(endpoints, work).catch(nullIfAway));
    if (said.reason !== 'differ' || round === ROUNDS) return said;
  }
}

function compared<T>(answers: readonly (T | null)[] | null): Said<T> {
  const unknown = { value: null, verification: 'none' } as const;
  if (answers === null) return { ...unknown, reason: 'away' };
  const [first] = answers;
  if (first === undefined || answers.includes(null)) return { ...unknown, reason: 'state_unknown' };
  if (answers.some((answer) => answer !== first)) return { ...unknown, reason: 'differ' };
  return { value: first, verification: answers.length > 1 ? 'agreed' : 'none', reason: null };
}
