import type { Input, MethodOf, Output, Path, Schemas } from './api.js';
import type { ErrorCodesByStatus } from './generated/api-types.js';
import { createCountersign } from './countersign.js';
import { ignore, type StoredSession, type Pair } from './session/stored-session.js';
import { CountersignError } from './problem.js';
import type { Countersign, CountersignOptions } from './types.js';
import { aPair, aPerson, type TestUser } from './testing-people.js';

export type { TestUser } from './testing-people.js';

const API = 'https://countersign.test';
/** A request of `notice`, which tests do not see. */
const NOTICE = '/-';

export interface TestOptions extends Pick<CountersignOptions, 'origins'> {
  /** Who opens the page; `null` for no session and no init data. A made-up person by default. */
  readonly user?: TestUser | null;
  /** Whether the page has init data; `true` by default. If not, the session is one that was stored. */
  readonly isInTelegram?: boolean;
}

/** What a page asked for; sign-ins and renewals are left out. */
export interface TestCall {
  readonly method: string;
  /** As it was sent, such as `/v1/teams/7`; with its origin where that is another one. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The JSON that was sent, or a text that is none. */
  readonly body: unknown;
}

/** The client, as pages have it, and what happens to it. */
export interface TestCountersign extends Countersign {
  /** What the page asked for, the oldest first. */
  readonly calls: readonly TestCall[];
  /** Answers an operation from now on, with a body or by a function, at once or later. */
  answer<P extends Path, M extends MethodOf<P>>(
    method: M,
    path: P,
    body:
      | Output<P, M>
      | ((call: TestCall & { readonly body: BodyOf<P, M> }) => Output<P, M> | Promise<Output<P, M>>),
  ): void;
  /** The same for an API of yours: `answer('GET', 'https://orders.example.com/v1/orders', [])`. */
  answer(method: string, address: `http${string}`, body: unknown): void;
  /** Refuses an operation from now on. */
  refuse<P extends Path, S extends keyof ErrorCodesByStatus>(
    method: MethodOf<P>,
    path: P,
    status: S,
    code: ErrorCodesByStatus[S],
  ): void;
  /** Refuses every sign-in from now on. */
  refuseSignIn<S extends keyof ErrorCodesByStatus>(status: S, code: ErrorCodesByStatus[S]): void;
  /** The person whom the next sign-in brings. */
  become(user: TestUser): void;
  /** Ends the session as another device does: a page in Telegram signs in anew, another one is signed out. */
  endSession(): Promise<void>;
  /** Ends the session, and lets the init data of the page open no other. */
  demandRelaunch(): Promise<void>;
  /** Nothing is answered any more. A session that is open stays so, as it does on a page. */
  disconnect(): Promise<void>;
  /** All is answered again. */
  reconnect(): Promise<void>;
}

type BodyOf<P extends Path, M extends MethodOf<P>> =
  Input<P, M> extends { readonly body?: infer B } ? B : never;
type Answer = (call: TestCall) => unknown;
type Refusal = readonly [status: number, code: string];

/**
 * A client on a made-up service, for tests of pages: the real client, without a network. Call `close()` after a test.
 */
export function createTestCountersign(options: TestOptions = {}): TestCountersign {
  const { user, isInTelegram = true, ...passed } = options;
  const calls: TestCall[] = [];
  const answers = new Map<string, Answer>();
  const texts = new Map<string, string>();
  let next = user ?? {};
  let person = aPerson(next);
  let pair: Pair | null = null;
  let signIns = 0;
  let refusal: Refusal | undefined;
  let isConnected = true;

  function nextPair(isRefresh: boolean): Pair {
    signIns += isRefresh ? 0 : 1;
    pair = aPair(person, signIns);
    return pair;
  }

  function signIn(): Response {
    if (refusal) return problem(...refusal);
    person = aPerson(next);
    return Response.json(nextPair(false));
  }

  async function fetch(input: RequestInfo | URL): Promise<Response> {
    const request = input as Request;
    const { origin, pathname, searchParams } = new URL(request.url);
    const isAuth = origin === API && /^\/v1\/(auth|oauth)\/(?!wallets\/challenges)/.test(pathname);
    if (!isConnected)
      // With no pause before the next attempt, which a test would have to wait for.
      throw isAuth
        ? new CountersignError('local.unreachable', 0, {}, 0)
        : new TypeError('The test has disconnected.');
    if (isAuth && pathname === '/v1/oauth/revoke') {
      pair = null;
      return new Response();
    }
    if (isAuth && pathname !== '/v1/auth/refresh') return signIn();
    if (isAuth) return pair ? Response.json(nextPair(true)) : problem(401, 'session.ended');
    const token = request.headers.get('Authorization');
    if (token && token !== `Bearer ${pair?.accessToken}`) return problem(401, 'session.ended');
    if (pathname === NOTICE) return new Response();
    const path = origin === API ? pathname : origin + pathname;
    const text = await request.text();
    const call: TestCall = {
      method: request.method,
      path,
      query: Object.fromEntries(searchParams),
      body: jsonIn(text),
    };
    calls.push(call);
    return answerTo(call, !!token || origin !== API);
  }

  async function answerTo(call: TestCall, isAllowed: boolean): Promise<Response> {
    if (!isAllowed && !call.path.startsWith('/v1/auth/')) return problem(401, 'session.token_missing');
    const asked = `${call.method} ${call.path}`;
    const name = answers.has(asked) ? asked : [...answers.keys()].find((each) => patternOf(each).test(asked));
    const answer = name === undefined ? undefined : answers.get(name);
    if (!answer)
      return problem(
        501,
        'local.unexpected_answer',
        `No answer for ${call.method} ${call.path}: see answer().`,
      );
    const body = await answer(call);
    if (body instanceof Response) return body;
    return body === undefined ? new Response(null, { status: 204 }) : Response.json(body);
  }

  function set(method: string, path: string, answer: Answer): void {
    answers.set(`${method} ${path}`, answer);
  }

  set('GET', '/v1/me', () => person);
  if (!isInTelegram && user !== null) {
    const stored: StoredSession = { version: 1, at: Date.now(), pair: nextPair(false) };
    texts.set('', JSON.stringify(stored));
  }

  const client = createCountersign({
    ...passed,
    api: API,
    // Not that of another test: pages of one application share their session.
    applicationId: `test-${crypto.randomUUID()}`,
    initData: () => (isInTelegram && user !== null ? initDataOf(person) : null),
    stores: [
      {
        getItem: () => texts.get('') ?? null,
        setItem: (_, value) => void texts.set('', value),
        removeItem: () => texts.clear(),
      },
    ],
    fetch,
  });

  /** Lets the client learn what has happened, as by any request. */
  async function notice(): Promise<void> {
    await client.fetch(API + NOTICE).catch(ignore);
  }

  return {
    ...client,
    calls,
    answer(method: string, path: string, body: unknown) {
      set(method, path, typeof body === 'function' ? (body as Answer) : () => body);
    },
    refuse(method, path, status, code) {
      set(method, path, () => problem(status, code));
    },
    refuseSignIn(status, code) {
      refusal = [status, code];
    },
    become(someone) {
      next = someone;
    },
    endSession() {
      pair = null;
      return notice();
    },
    demandRelaunch() {
      refusal = [401, 'auth.proof_used'];
      pair = null;
      return notice();
    },
    disconnect() {
      isConnected = false;
      return notice();
    },
    reconnect() {
      isConnected = true;
      return notice();
    },
  };
}

function problem(status: number, code: string, title = code): Response {
  return Response.json({ code, title, status }, { status });
}

function jsonIn(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return text;
  }
}

/** Names in braces stand for any segment. */
function patternOf(name: string): RegExp {
  const literal = name.replace(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replace(/{\w+}/g, '[^/]+')}$`);
}

function initDataOf({ identities, profile }: Schemas['MeResponse']): string {
  const user = JSON.stringify({ id: Number(identities[0]?.subject), first_name: profile.firstName });
  return String(new URLSearchParams({ user, auth_date: '1795177295', hash: 'a'.repeat(64) }));
}
