import type { Call, Schemas } from './api.js';
import { hasCode } from './problem.js';
import type { Countersign } from './types.js';
import { untilSettled } from './what-codes-mean.js';

type Client = Pick<Countersign, 'call' | 'session'>;
type Links = Schemas['StepUpRequestResponse']['links'];

export interface StepUpOptions {
  /** JSON that the page needs again for the act's call, such as `{ identityId }`. It stays on this device. */
  readonly wanted?: unknown;
  /** The numeric id of the bot that launches the Mini App. Only an application with several bots needs it. */
  readonly botId?: string;
  /** Opens the link. The default is `Telegram.WebApp.openTelegramLink`. */
  readonly openLink?: (url: string) => void;
}

/** A requested step-up. The Mini App opens a second time, and performs the act there. */
export interface AskedStepUp {
  /** Describes the act to the person who confirms it. */
  readonly title: string;
  /** Opens the Mini App with the code, also on another device. It is `null` for a bot without a link. */
  readonly link: string | null;
  /** A code for the person to read if there is no link. The other launch has the start parameter `s_<code>`. */
  readonly code: string;
  /**
   * Waits until the act is done, or the code or its grant expires.
   * @throws CountersignError `session.ended` if the act ended this session, as an erasure does
   */
  outcome(signal?: AbortSignal): Promise<'done' | 'expired'>;
}

/** An act that the person of this launch requested in an earlier launch. */
export interface ResumedAct {
  /** The service's name of the act, such as `account.export`. */
  readonly act: string;
  /** Describes the act. The person must confirm it before the call. */
  readonly title: string;
  /** The `wanted` value of `stepUp`. It is `undefined` on another device, or if this device has lost it. */
  readonly wanted: unknown;
  /** Calls the service like `client.call`, with the grant. It allows only the one call that the person confirmed. */
  readonly call: Call;
  /** Ends the act if the person does not want it. */
  drop(): void;
}

export interface AskedJoin {
  /** Returns who asks. Show this before the person answers. */
  describe(): Promise<Schemas['AskedJoinResponse']>;
  /**
   * Joins this account to the asking account, and ends its sessions.
   * @param number as the person reads it on the asking page
   * @throws CountersignError such as `account.join_number_wrong`, three times at most
   */
  accept(number: number): Promise<Schemas['MergeResponse']>;
}

/** A request to join. Show it as a number, a link and a QR code. */
export interface JoinRequest extends Pick<Schemas['JoinRequestResponse'], 'number' | 'code' | 'expiresIn'> {
  /** Opens the Mini App with the code. It is `null` for a bot without a link. */
  readonly link: string | null;
  /** Waits until the other person answers, or the request expires. */
  outcome(signal?: AbortSignal): Promise<Exclude<Schemas['JoinStateResponse']['state'], 'open'>>;
}

interface Note {
  readonly code: string;
  readonly route: string;
  readonly wanted: unknown;
}

const NAME = 'countersign-act';

let over: string | null = null;
let restored: string | null = null;

/**
 * Requests a code for an act, stores the route of the page, and opens the Mini App's own link with the code. The second
 * instance signs in with fresh init data, and continues with `resumeAct`. This page may close meanwhile.
 * @param act such as `account.export`; docs/security.md lists them
 * @throws CountersignError such as `account.act_unknown`
 */
export async function stepUp(
  client: Client,
  act: string,
  { wanted, botId, openLink = openTelegramLink }: StepUpOptions = {},
): Promise<AskedStepUp> {
  const asked = await client.call('POST', '/v1/me/step-up/requests', { body: { act } });
  const { requestId, title, code, links } = asked;
  const link = linkOf(links, botId);
  attempt(() => localStorage.setItem(NAME, JSON.stringify({ code, route: routeOfPage(), wanted })));
  if (link) openLink(link);
  const path = { requestId };
  return {
    title,
    link,
    code,
    outcome: async (signal) => {
      const { state } = await untilSettled(
        () => client.call('GET', '/v1/me/step-up/requests/{requestId}', { path, signal }),
        (answer) => answer.state === 'waiting' || answer.state === 'stepped-up',
      );
      return state as 'done' | 'expired';
    },
  };
}

/**
 * Returns the act of this launch, and restores the route of the page that asked. Call this when the session is
 * `signed-in`. Show `title`, and make the call when the person confirms.
 * @returns `null` if the launch has no code, or its act is over
 */
export function resumeAct(client: Client): ResumedAct | null {
  const session = client.session.getSnapshot();
  if (session.status !== 'signed-in' || !session.stepUp) return null;
  const { startParam, stepUp: found } = session;
  if (isOver(startParam)) return null;
  const note = attempt(() => JSON.parse(localStorage.getItem(NAME) ?? 'null') as Note | null);
  // A note of another request does not count.
  const mine = note && `s_${note.code}` === startParam ? note : undefined;
  if (mine && restored !== startParam) restore(mine.route);
  restored = startParam;
  const end = (): void => {
    endOf(startParam);
    attempt(() => localStorage.removeItem(NAME));
  };
  return {
    act: found.act,
    title: found.title,
    wanted: mine?.wanted,
    call: withGrant(client, found.grant, end),
    drop: end,
  };
}

/**
 * Asks the person of another account to join it to this one. It makes the call of the act `account.join`.
 * @param act from `resumeAct`, after the person confirmed it
 */
export async function askToJoin(client: Client, act: ResumedAct, botId?: string): Promise<JoinRequest> {
  const { joinId, number, code, expiresIn, links } = await act.call('POST', '/v1/me/joins');
  const path = { joinId };
  return {
    number,
    code,
    expiresIn,
    link: linkOf(links, botId),
    outcome: async (signal) => {
      const { state } = await untilSettled(
        () => client.call('GET', '/v1/me/joins/{joinId}', { path, signal }),
        (answer) => answer.state === 'open',
      );
      return state as Awaited<ReturnType<JoinRequest['outcome']>>;
    },
  };
}

/**
 * Returns the request to join of this launch. Call this when the session is `signed-in`. An attacker may have sent its
 * link: show who asks, and let the person type the number.
 * @returns `null` if the launch has no request, or it was answered
 */
export function askedJoin(client: Client): AskedJoin | null {
  const session = client.session.getSnapshot();
  if (session.status !== 'signed-in' || !session.join || isOver(session.startParam)) return null;
  const { startParam, join } = session;
  const path = { code: join.code };
  const end = (): void => endOf(startParam);
  return {
    describe: () => client.call('GET', '/v1/joins/{code}', { path }),
    accept: (number) =>
      withGrant(client, join.grant, end)('POST', '/v1/joins/{code}/accept', { path, body: { number } }),
  };
}

/** A browser that waits for its person to sign it in. */
export interface AskedLogin {
  /** Returns what asks, to be shown. If `device` is not null, say in the title that a device is signed in. */
  describe(): Promise<Schemas['LoginRequestResponse']>;
  /** @param number as their browser shows it @param consent whether they agreed to `toAgree` by a second tap */
  accept(number: number, consent?: boolean): Promise<void>;
  /** Tells the browser that a phone refused. This launch can no longer accept. */
  refuse(): Promise<void>;
}

/**
 * Returns the browser login of this launch. Call this when the session is `signed-in`. An attacker may have sent its
 * link: show what asks, and let the person type the number.
 * @returns `null` if the launch has no request, or it was answered
 */
export function askedLogin(client: Client): AskedLogin | null {
  const session = client.session.getSnapshot();
  if (session.status !== 'signed-in' || isOver(session.startParam)) return null;
  const { startParam } = session;
  const code = /^o_([\w-]{24})$/.exec(startParam ?? '')?.[1];
  if (code === undefined) return null;
  const path = { code };
  return {
    describe: () => client.call('GET', '/v1/openid/requests/{code}', { path }),
    async accept(number, consent = false) {
      await client.call('POST', '/v1/openid/requests/{code}/accept', { path, body: { number, consent } });
      endOf(startParam);
    },
    async refuse() {
      await client.call('POST', '/v1/openid/requests/{code}/refuse', { path });
      endOf(startParam);
    },
  };
}

function withGrant(client: Client, grant: string, end: () => void): Call {
  const call = client.call as (method: string, path: string, input: object) => Promise<unknown>;
  return (async (method: string, path: string, input: { readonly headers?: object } = {}) => {
    try {
      const headers = { ...input.headers, 'X-Step-Up-Grant': grant };
      const answer = await call(method, path, { ...input, headers });
      end();
      return answer;
    } catch (error) {
      if (hasCode(error, 'account.grant_invalid', 'account.join_not_found')) end();
      throw error;
    }
  }) as Call;
}

function linkOf(links: Links, botId: string | undefined): string | null {
  return links.find((link) => botId === undefined || link.botId === botId)?.url ?? null;
}

interface TelegramWindow {
  readonly Telegram?: { readonly WebApp?: { openTelegramLink?(url: string): void } };
}

/** Does nothing without telegram-web-app.js. The page then shows the link. */
export function openTelegramLink(url: string): void {
  (globalThis as TelegramWindow).Telegram?.WebApp?.openTelegramLink?.(url);
}

/** Omits the launch parameters, because another instance has its own. */
function routeOfPage(): string {
  const { pathname, search, hash } = location;
  const query = new URLSearchParams(search);
  query.delete('tgWebAppStartParam');
  const asked = String(query);
  return pathname + (asked && `?${asked}`) + (hash.includes('tgWebApp') ? '' : hash);
}

/** Routers see a step back. The address keeps the launch parameters of this instance. */
function restore(route: string): void {
  attempt(() => {
    history.replaceState(history.state, '', route.includes('#') ? route : route + location.hash);
    dispatchEvent(new PopStateEvent('popstate', { state: history.state as unknown }));
  });
}

/** A reload uses the stored session with its grant, so an earlier load may have ended the act. */
function isOver(startParam: string | null): boolean {
  return [over, attempt(() => sessionStorage.getItem(NAME))].includes(startParam);
}

function endOf(startParam: string | null): void {
  over = startParam;
  attempt(() => sessionStorage.setItem(NAME, startParam ?? ''));
}

/** The browser may block storage, and a server has none. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
