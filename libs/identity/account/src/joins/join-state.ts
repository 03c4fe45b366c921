import type { JoinEntity, JoinOutcome } from './join.entity';

export type JoinState = 'open' | 'expired' | JoinOutcome;

export function stateOf(
  { outcome, expiresAt }: Pick<JoinEntity, 'outcome' | 'expiresAt'>,
  now: Date,
): JoinState {
  return outcome ?? (expiresAt > now ? 'open' : 'expired');
}
