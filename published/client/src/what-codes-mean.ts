import type { CountersignError } from './problem.js';

/**
 * The client's reaction to a code:
 * - `refresh` renews the session, then repeats the request. During a refresh it equals `sign-in`.
 * - `sign-in` forgets the session, and signs in with the page's init data.
 * - `relaunch` forgets the session. Only a new launch helps.
 * - `with-key` and `without-key` repeat the sign-in with or without a device key.
 * Any other code goes to the caller and changes nothing.
 */
export type Meaning = 'refresh' | 'sign-in' | 'relaunch' | 'with-key' | 'without-key';

const PAUSE_MS = 2000;

/** The request that the code answered: a sign-in, or a request with a token. */
export type Moment = 'session' | 'signIn';

/** `docs/client.md` shows this table. */
export const whatCodesMean: Readonly<Record<Moment, Readonly<Record<string, Meaning>>>> = {
  session: {
    'session.expired': 'refresh',
    'session.token_invalid': 'refresh',
    'session.ended': 'sign-in',
    'session.account_switched': 'sign-in',
    'local.refresh_lost': 'sign-in',
    'session.refresh_reused': 'relaunch',
    'dpop.other_key': 'relaunch',
    'dpop.proof_missing': 'relaunch',
  },
  signIn: {
    'auth.proof_used': 'relaunch',
    'auth.proof_outdated': 'relaunch',
    'init_data.auth_date_expired': 'relaunch',
    'dpop.other_key': 'relaunch',
    'dpop.proof_missing': 'with-key',
    'dpop.session_not_bound': 'without-key',
  },
};

/** No answer, 429 and 5xx do not end the session. The next call tries again. */
export function isPassing(error: unknown): error is CountersignError {
  const { code, status } = error as CountersignError;
  return code === 'local.unreachable' || status === 429 || status >= 500;
}

/** Asks until the answer is no longer open. It waits for the end of an outage, and throws other errors. */
export async function untilSettled<T>(ask: () => Promise<T>, isOpen: (answer: T) => boolean): Promise<T> {
  for (;;) {
    let pauseMs = PAUSE_MS;
    try {
      const answer = await ask();
      if (!isOpen(answer)) return answer;
    } catch (error) {
      if (!isPassing(error)) throw error;
      pauseMs = Math.max(pauseMs, (error.retryAfter ?? 0) * 1000);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
