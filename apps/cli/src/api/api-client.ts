import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { boundedFetch } from '@countersign/fetch';
import { CommandError, UsageError, exitCodes, type ExitCode } from '../errors';
import { announceReceiver, type Terminal } from '../call';
import { textOf } from '../output';
import { secureUrl } from '../secure-url';
import type { Operation } from './admin-document';

const DEFAULT_URL = 'http://127.0.0.1:3002';
/** An export contains all data of a person. */
const LIMITS = { timeLimitMs: 60_000, maxBytes: 64 * 1024 * 1024 };
const TOKEN_OF_PERSON = '/v1/admin/console/token';
export const NO_PRINCIPAL =
  'This command calls the administration API. In a clone, run "npm start" first; if it runs with COUNTERSIGN_DATA_DIR, set the same COUNTERSIGN_DATA_DIR here. Elsewhere, run "countersign login", or let COUNTERSIGN_PRINCIPAL_FILE name a file of mode 600 with <principalId>:<secret>, as "countersign principal create" prints them.';

export interface SignedIn {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly scopes: readonly string[];
}

export interface Input {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: object | null;
}

export class ApiClient {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async of(terminal: Terminal): Promise<ApiClient> {
    const url = adminUrlOf(terminal.environment);
    const principal = principalOf(terminal.environment);
    if (principal === '') {
      const { accessTokenOf } = await import('./login.js');
      return new ApiClient(url, await accessTokenOf(url, terminal));
    }
    announceReceiver(terminal, url);
    const answer = await send(url, '/v1/admin/token', {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(principal).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    return new ApiClient(url, (answer as { access_token: string }).access_token);
  }

  call({ method, isRepeatable }: Operation, { path, query, body }: Input): Promise<object> {
    const search = new URLSearchParams(query).toString();
    return send(this.url, search === '' ? path : `${path}?${search}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(isRepeatable ? { 'idempotency-key': randomUUID() } : {}),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
  }
}

export async function signInWith(url: string, idToken: string): Promise<SignedIn> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ idToken });
  return (await send(url, TOKEN_OF_PERSON, { method: 'POST', headers, body })) as SignedIn;
}

export async function endSession(url: string, accessToken: string): Promise<void> {
  await send(url, TOKEN_OF_PERSON, { method: 'DELETE', headers: { authorization: `Bearer ${accessToken}` } });
}

export function adminUrlOf({ COUNTERSIGN_ADMIN_URL: given, ADMIN_PORT: port }: NodeJS.ProcessEnv): string {
  const text = given || (port ? `http://127.0.0.1:${port}` : DEFAULT_URL);
  const url = secureUrl(text, ownAddresses());
  if (url?.href === `${url?.origin}/` && !/[?#]/.test(text)) return url.origin;
  throw new UsageError(
    'COUNTERSIGN_ADMIN_URL must be an origin such as https://admin.example.com, with http: for this machine only (localhost, 127.0.0.1, ::1).',
  );
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((own = []) => own.map(({ address }) => address));
}

/** Returns `<principalId>:<secret>`, or an empty text if a person has to sign in. */
function principalOf({
  COUNTERSIGN_PRINCIPAL: given,
  COUNTERSIGN_PRINCIPAL_FILE: file,
}: NodeJS.ProcessEnv): string {
  if (given && file)
    throw new UsageError('COUNTERSIGN_PRINCIPAL and COUNTERSIGN_PRINCIPAL_FILE are both set: keep one.');
  const text = given || (file ? readFileSync(file, 'utf8').trim() : '');
  if (text === '' || /^[0-9a-f-]{36}:\S+$/i.test(text)) return text;
  throw new UsageError(NO_PRINCIPAL);
}

async function send(url: string, path: string, request: RequestInit): Promise<object> {
  let response: Response;
  let text: string;
  try {
    response = await boundedFetch(`${url}${path}`, request, LIMITS);
    text = await response.text();
  } catch (error) {
    const { cause, message } = error as Error & { readonly cause?: { readonly code?: string } };
    throw new CommandError(
      `The administration API at ${url} does not answer (${cause?.code ?? message}): is the service running, and is this its ADMIN_PORT? If "npm start" runs with COUNTERSIGN_DATA_DIR, set the same COUNTERSIGN_DATA_DIR here. COUNTERSIGN_ADMIN_URL names another address.`,
      exitCodes.unavailable,
    );
  }
  const answer = parsed(text);
  if (response.ok && typeof answer === 'object' && answer !== null) return answer;
  throw new CommandError(
    sentenceOf(response.status, { ...(answer as object | null) }),
    exitCodeOf(response.status),
  );
}

/** Status 204 gives an empty object. Null if the text is no JSON, such as the page of a proxy. */
function parsed(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads a problem (RFC 9457), or an error of the token route (RFC 6749). The sentence has every member of it. */
function sentenceOf(status: number, problem: Readonly<Record<string, unknown>>): string {
  const {
    error,
    error_description: description = '',
    title = 'The administration API refused',
    code = error ?? status,
    detail = description,
    errors = [],
    type: _type,
    status: _status,
    requestId: _requestId,
    ...members
  } = problem;
  const fields = (Array.isArray(errors) ? errors : []).map((field: unknown) => {
    const { path = '', detail: wrong = '' } = { ...(field as { path?: unknown; detail?: unknown } | null) };
    return [textOf(path), textOf(wrong)];
  });
  const named = [...fields, ...Object.entries(members).map(([name, value]) => [name, textOf(value)])];
  const what = textOf(detail)
    .replace(`${textOf(title)}.`, '')
    .trim();
  return (
    `${textOf(title)} (${textOf(code)}). ${what}`.trim() +
    named.map(([name = '', text]) => `\n  - ${textOf(name)}: ${text}`).join('')
  );
}

function exitCodeOf(status: number): ExitCode {
  if (status === 404) return exitCodes.notFound;
  if (status === 502 || status === 503 || status === 504) return exitCodes.unavailable;
  return status >= 500 ? exitCodes.failed : exitCodes.refused;
}
