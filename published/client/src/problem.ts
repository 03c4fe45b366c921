import type { ErrorCode } from './generated/api-types.js';

/** The codes of errors that arise in the client, without an answer of the service. */
export type LocalCode =
  /** There was no answer: the page is offline, blocked, or the time limit passed. */
  | 'local.unreachable'
  /** The answer is not a problem of the service. It may be a proxy's page. */
  | 'local.unexpected_answer'
  /** The page has no init data, and the caller gave no proof. */
  | 'local.no_init_data'
  /** Another sign-in or a sign-out came in between, so the answer was dropped. */
  | 'local.superseded'
  /** The answer to a refresh was lost, and the service no longer repeats it. */
  | 'local.refresh_lost'
  /** The person declined to sign with a wallet. */
  | 'local.declined'
  /** This browser did not begin the login with Telegram, or its storage is blocked. */
  | 'local.login_not_begun';

/** English texts for the codes that people meet. Translate them by the key. */
export const errorTexts: Readonly<
  Record<LocalCode | 'oidc.login_declined', string> & Partial<Record<ErrorCode, string>>
> = {
  'local.unreachable': 'There is no connection. Try again.',
  'local.unexpected_answer': 'The service gave no usable answer. Try again later.',
  'local.no_init_data': 'Open this page in Telegram, or sign in another way.',
  'local.superseded': 'Another sign-in or sign-out came in between.',
  'local.refresh_lost': 'The connection broke, and the session is over. Sign in again.',
  'local.declined': 'Nothing was signed.',
  'local.login_not_begun': 'Begin the sign-in again in this browser, and allow this page to store data.',
  'request.rate_limited': 'That was too often. Wait a minute, and try again.',
  'session.ended': 'Your session is over. Sign in again.',
  'session.refresh_reused': 'Your session was ended for your safety. Close the app and open it again.',
  'auth.proof_used': 'Close the app and open it again.',
  'auth.proof_outdated': 'Close the app and open it again.',
  'auth.proof_not_fresh': 'Close the app and open it again.',
  'init_data.auth_date_expired': 'Close the app and open it again.',
  'service.unavailable': 'The service cannot answer at the moment. Try again.',
  'bot.disabled': 'Nobody can sign in here at the moment. Ask the support of this app.',
  'oidc.login_declined': 'You declined the sign-in at Telegram. To sign in, begin again.',
  'user.deactivated': 'This account is deactivated. Ask the support of this app.',
  'user.erasure_pending': 'This account will be erased. Sign in within its waiting time to keep it.',
  'account.grant_invalid': 'This confirmation is over. Begin again on the page that asked for it.',
  'account.join_number_wrong': 'The number is wrong. Read it again on the page that asks.',
};

const NAME = 'CountersignError';

/** A problem (RFC 9457) that the service answered, or that arose in the client. */
export class CountersignError extends Error {
  /** Names the error. `docs/errors.md` of the service lists the codes. */
  declare readonly code: ErrorCode | LocalCode;
  /** The HTTP status, or 0 without an answer. */
  declare readonly status: number;
  /** The whole problem. It is empty without an answer. */
  declare readonly body: ProblemBody;
  /** The wait before the next attempt in seconds, if the service names one. */
  declare readonly retryAfter: number | null;

  constructor(
    code: ErrorCode | LocalCode,
    status = 0,
    body: ProblemBody = {},
    retryAfter: number | null = null,
    cause?: unknown,
  ) {
    super(body.title ?? code, { cause });
    Object.assign(this, { name: NAME, code, status, body, retryAfter });
  }
}

/** The members of a problem. Some codes add others, such as `erasesAt`, or the `act` that requires a step-up. */
export interface ProblemBody {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: readonly { readonly path: string; readonly code: string; readonly detail: string }[];
  readonly [member: string]: unknown;
}

/** Whether this is an error of this client. It compares names, so it works across two copies of the package. */
export function isCountersignError(error: unknown): error is CountersignError {
  return error instanceof Error && error.name === NAME;
}

export function hasCode<Code extends ErrorCode | LocalCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is CountersignError & { readonly code: Code } {
  return isCountersignError(error) && (codes as readonly string[]).includes(error.code);
}

/** Returns a sentence for the person: the text of `errorTexts`, else the problem's title. */
export function textOf(error: unknown): string {
  const { code = '', message = '' } = error as Partial<CountersignError>;
  return (errorTexts as Readonly<Record<string, string>>)[code] ?? message;
}

/** Reads the problem (RFC 9457) of a refused answer, also from your own service. The answer stays readable. */
export async function problemIn(answer: Response): Promise<CountersignError> {
  const body = Object(
    await answer
      .clone()
      .json()
      .catch(() => null),
  ) as ProblemBody;
  const { code = 'local.unexpected_answer' } = body;
  const wait = Number(answer.headers.get('Retry-After'));
  return new CountersignError(code as ErrorCode, answer.status, body, wait || null);
}
