import { nextAttemptAfter, verdictOf, type SendFailure, type SendResult } from '@countersign/webhook-sender';
import type { DeliveryState } from '../webhook-delivery.entity';

/** Words of `webhook_attempts.outcome`, and of a metric. */
type AttemptOutcome = 'delivered' | 'gone' | 'throttled' | 'redirected' | 'refused' | SendFailure;

/** What an attempt means for its delivery and its endpoint. */
export interface Judgement {
  readonly outcome: AttemptOutcome;
  readonly status: number | null;
  /** With the wait until the next attempt; `null` where nothing was sent: it is no attempt. */
  readonly delivery: { readonly state: DeliveryState; readonly waitMs: number | null } | null;
  /** `silent`: no answer at all. `throttled`: the endpoint asks for less. */
  readonly endpoint: 'well' | 'refusing' | 'silent' | 'throttled' | 'gone' | 'unknown';
  /** The pause that the endpoint asks for, in seconds. */
  readonly retryAfterSeconds: number | null;
}

/** @param attempts with this one */
export function judgeAttempt(result: SendResult, attempts: number, random: () => number): Judgement {
  const verdict = verdictOf(result);
  const retryAfterSeconds = result.kind === 'answered' ? result.retryAfterSeconds : null;
  const status = result.kind === 'answered' ? result.status : null;
  const outcome = outcomeOf(result, verdict);
  if (outcome === 'busy' || outcome === 'closed')
    return { outcome, status, delivery: null, endpoint: 'unknown', retryAfterSeconds };
  if (verdict === 'delivered')
    return {
      outcome,
      status,
      delivery: { state: 'delivered', waitMs: null },
      endpoint: 'well',
      retryAfterSeconds,
    };
  const waitMs = nextAttemptAfter(attempts, retryAfterSeconds, random);
  return {
    outcome,
    status,
    delivery: { state: waitMs === null ? 'failed' : 'pending', waitMs },
    endpoint: verdict !== 'failed' ? verdict : result.kind === 'failed' ? 'silent' : 'refusing',
    retryAfterSeconds,
  };
}

function outcomeOf(result: SendResult, verdict: ReturnType<typeof verdictOf>): AttemptOutcome {
  if (result.kind === 'failed') return result.reason;
  if (verdict !== 'failed') return verdict;
  return result.status >= 300 && result.status <= 399 ? 'redirected' : 'refused';
}
