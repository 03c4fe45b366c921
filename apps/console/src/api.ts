import { texts } from './texts';

export type Row = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly body: Row;
  readonly requestId: string | null;
  /** In milliseconds, by the clock of the service. */
  readonly answeredAt: number;
}

export interface Page {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}

export interface Session {
  readonly principalId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly csrfToken: string;
  readonly endsAt: string;
}

export interface ConsoleState {
  readonly hasProvider: boolean;
  readonly session: Session | null;
}

interface CallOptions {
  readonly body?: object;
  readonly idempotencyKey?: string;
  readonly query?: Readonly<Record<string, string | null | undefined>>;
  readonly signal?: AbortSignal;
  /** This status has an informing answer, unless its body is an error of the service. */
  readonly informing?: number | undefined;
}

export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string | null,
    readonly problem: Row = {},
  ) {
    super(code);
  }
}

/** It stays in memory. Without the cookie, which no script can read, it is useless. */
let csrfToken = '';
/** The idle time of the service and a little more. A call to ask the service would prolong the session. */
const IDLE_MS = 1_800_000 + 5_000;
let lastUseMs = 0;
/** In milliseconds, by the clock of this browser. 0 without a session. */
let endsAtMs = 0;
let onSignedOut = (): void => undefined;

let onChanged: (path: string) => void = () => undefined;

/** The listener runs after each act that the service has done. */
export function whenChanged(listener: (path: string) => void): void {
  onChanged = listener;
}

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export async function readState(): Promise<ConsoleState> {
  const { body, answeredAt } = await call('GET', '/v1/admin/console');
  const { hasProvider, session } = body as unknown as ConsoleState;
  csrfToken = session?.csrfToken ?? '';
  endsAtMs = session ? Date.now() + Date.parse(session.endsAt) - answeredAt + 5_000 : 0;
  return { hasProvider, session };
}

/** Whether the session has ended, unless another tab uses it. */
export function isSessionOver(): boolean {
  return endsAtMs > 0 && Date.now() > Math.min(lastUseMs + IDLE_MS, endsAtMs);
}

export async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { body, idempotencyKey, query = {}, signal, informing } = options;
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value);
  const isMergePatch = method === 'PATCH';
  const headers: Record<string, string> = {
    ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }),
    ...(body ? { 'content-type': isMergePatch ? 'application/merge-patch+json' : 'application/json' } : {}),
    ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
  };
  const response = await fetch(url, {
    method,
    headers,
    body: body ? JSON.stringify(body) : null,
    redirect: 'error',
    credentials: 'same-origin',
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Refusal('unreachable', texts.unreachable, texts.unreachableDetail, null);
  });
  const requestId = response.headers.get('x-request-id');
  const answered = await bodyOf(response, signal);
  lastUseMs = Date.now();
  if (response.ok || (response.status === informing && answered && !('code' in answered))) {
    if (answered === null) throw brokenAnswer(requestId);
    if (method !== 'GET') onChanged(path);
    return {
      body: answered,
      requestId,
      answeredAt: Date.parse(response.headers.get('date') ?? '') || lastUseMs,
    };
  }
  if (answered?.['code'] === 'principal.unauthenticated') onSignedOut();
  throw refusalOf(answered ?? {}, requestId);
}

export async function readPage(path: string, options: CallOptions): Promise<Page> {
  const { body, requestId } = await call('GET', path, options);
  const { items, nextCursor = null } = body as { items?: readonly Row[]; nextCursor?: string | null };
  if (!items) throw brokenAnswer(requestId);
  return { items, nextCursor };
}

async function bodyOf(response: Response, signal: AbortSignal | undefined): Promise<Row | null> {
  if (response.status === 204) return {};
  try {
    const body = (await response.json()) as unknown;
    return typeof body === 'object' && body !== null ? (body as Row) : null;
  } catch (error) {
    if (signal?.aborted) throw error;
    return null;
  }
}

function brokenAnswer(requestId: string | null): Refusal {
  return new Refusal('broken_answer', texts.brokenAnswer, texts.brokenAnswerDetail, requestId);
}

/** Escapes a part of a path. A text with slashes, or of dots only, becomes `-`: URLs or proxies would resolve it. */
export function inPath(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  return /^\.{0,2}$|[/\\]/.test(text) ? '-' : encodeURIComponent(text);
}

function refusalOf(problem: Row, requestId: string | null): Refusal {
  const { code, title, detail, errors } = problem;
  const fields = Array.isArray(errors)
    ? (errors as readonly Row[]).map((each) => `${String(each['path'])} ${String(each['detail'])}`).join('; ')
    : '';
  return new Refusal(
    typeof code === 'string' ? code : 'unknown',
    typeof title === 'string' ? title : texts.failed,
    fields || (typeof detail === 'string' ? forPeople(detail) : ''),
    requestId,
    problem,
  );
}

const FOR_PROGRAMS = /`[A-Z][a-z]+(?:-[\w-]+)?`|\b(?:GET|POST|PUT|PATCH|DELETE) \//;

function forPeople(detail: string): string {
  return detail
    .split(/(?<=\.) /)
    .filter((sentence) => !FOR_PROGRAMS.test(sentence))
    .join(' ');
}
