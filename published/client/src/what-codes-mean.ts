import type { CountersignError } from './problem.js';

/**
 * What a code makes the client do. `refresh`: renew the session, then repeat the request; at a refresh itself the same
 * as `sign-in`. `sign-in`: forget the session, and sign in by the init data of the page. `relaunch`: forget the
 * session; only a new launch helps. `with-key`, `without-key`: repeat the sign-in so. A code that is not here goes to
 * the caller, and changes nothing.
 */
export type Meaning = 'refresh' | 'sign-in' | 'relaunch' | 'with-key' | 'without-key';

/** Milliseconds between two questions. */
const PAUSE_MS = 2000;

/** What was asked when the code came: something with a token, or a sign-in. */
export type Moment = 'session' | 'signIn';

/** The only place that says so; `docs/client.md` shows it. */
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

/** No answer, 429 and 5xx say nothing about the session: it is kept, and the next call tries again. */
export function isPassing(error: unknown): error is CountersignError {
  const { code, status } = error as CountersignError;
  return code === 'local.unreachable' || status === 429 || status >= 500;
}

/** Asks until the answer is not open any more. An outage of the service is waited for, and other errors are thrown. */
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
