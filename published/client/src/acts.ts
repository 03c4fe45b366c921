import type { Call, Schemas } from './api.js';
import { hasCode } from './problem.js';
import type { Countersign } from './types.js';
import { untilSettled } from './what-codes-mean.js';

type Client = Pick<Countersign, 'call' | 'session'>;
type Links = Schemas['StepUpRequestResponse']['links'];

export interface StepUpOptions {
  /** What the page needs to know again for the call of the act, such as `{ identityId }`: JSON, kept on this device. */
  readonly wanted?: unknown;
  /** Numeric id of the bot that launches the Mini App. Only where the application has several. */
  readonly botId?: string;
  /** Opens the link; `Telegram.WebApp.openTelegramLink` by default. */
  readonly openLink?: (url: string) => void;
}

/** A step-up that was asked for: the Mini App opens a second time, and the act is done there. */
export interface AskedStepUp {
  /** The act, for the person who confirms it. */
  readonly title: string;
  /** Opens the Mini App with the code, also from another device; `null` for a bot without a link. */
  readonly link: string | null;
  /** For people to read where there is no link: the start parameter of the other launch is `s_` and this code. */
  readonly code: string;
  /**
   * Waits until the act is done, or the code or its grant is over.
   * @throws CountersignError `session.ended` where the act has ended this session, as an erasure does
   */
  outcome(signal?: AbortSignal): Promise<'done' | 'expired'>;
}

/** What the person of this launch asked for in an earlier one. */
export interface ResumedAct {
  /** As the service names it, such as `account.export`. */
  readonly act: string;
  /** The act, to be confirmed by the person before it is done. */
  readonly title: string;
  /** What `stepUp` was given; `undefined` where this device has lost it, or is another one. */
  readonly wanted: unknown;
  /** As `client.call`, with the grant. For one call: the act that was confirmed. */
  readonly call: Call;
  /** The person does not want it. */
  drop(): void;
}

/** The other side of a join, which is asked. */
export interface AskedJoin {
  /** Who asks, to be shown before the person answers. */
  describe(): Promise<Schemas['AskedJoinResponse']>;
  /**
   * This account becomes part of the asking one, and its sessions end.
   * @param number as the person reads it on the page that asks
   * @throws CountersignError such as `account.join_number_wrong`, three times at most
   */
  accept(number: number): Promise<Schemas['MergeResponse']>;
}

/** A request to join, to be shown as number, link and QR code. */
export interface JoinRequest extends Pick<Schemas['JoinRequestResponse'], 'number' | 'code' | 'expiresIn'> {
  /** Opens the Mini App with the code; `null` for a bot without a link. */
  readonly link: string | null;
  /** Waits until the other person has answered, or the request is over. */
  outcome(signal?: AbortSignal): Promise<Exclude<Schemas['JoinStateResponse']['state'], 'open'>>;
}

interface Note {
  readonly code: string;
  readonly route: string;
  readonly wanted: unknown;
}

const NAME = 'countersign-act';

/** The start parameters of this load whose act is over, and whose route was restored. */
let over: string | null = null;
let restored: string | null = null;

/**
 * Asks for a code for an act, stores the route of the page, and opens the Mini App's own link with the code. The
 * second instance signs in with fresh init data, and goes on with `resumeAct`. This page may live on or not.
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
 * The act that this launch was opened for, and restores the route of the page that asked. Nothing is done yet: show
 * `title`, and call when the person confirms. To be asked when the session is `signed-in`.
 * @returns `null` where the launch carries no code, or its act is over
 */
export function resumeAct(client: Client): ResumedAct | null {
  const session = client.session.getSnapshot();
  if (session.status !== 'signed-in' || !session.stepUp) return null;
  const { startParam, stepUp: found } = session;
  if (isOver(startParam)) return null;
  const note = attempt(() => JSON.parse(localStorage.getItem(NAME) ?? 'null') as Note | null);
  // Of another request, or lost.
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
 * Asks the person of another account to join it to this one: the call of the act `account.join`.
 * @param act of `resumeAct`, confirmed
 * @param botId only where the application has several bots
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
 * The request to join that this launch was opened for. Its link may come from an attacker: show who asks, and let the
 * person type the number. To be asked when the session is `signed-in`.
 * @returns `null` where the launch carries no request, or it was answered
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

/** A browser that waits to be signed in by its person. */
export interface AskedLogin {
  /**
   * Which product asks, from which browser and since when: to be shown. If `device` is not null, a device is signed in
   * instead of the browser: say so in the title, and show both.
   */
  describe(): Promise<Schemas['LoginRequestResponse']>;
  /**
   * @param number that the person sees in their browser, and types
   * @param consent whether they agreed, by a second tap, to what is in `toAgree`
   */
  accept(number: number, consent?: boolean): Promise<void>;
  /** The browser says that a phone refused. This launch can no longer accept. */
  refuse(): Promise<void>;
}

/**
 * The browser that this launch was opened for. Its link may come from an attacker: show what asks, and let the person
 * type the number. To be asked when the session is `signed-in`.
 * @returns `null` where the launch carries no request, or it was answered
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

/** @param end is called when the grant is used up */
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

/** Without telegram-web-app.js the page shows the link. */
export function openTelegramLink(url: string): void {
  (globalThis as TelegramWindow).Telegram?.WebApp?.openTelegramLink?.(url);
}

/** Without launch parameters: another instance has its own. */
function routeOfPage(): string {
  const { pathname, search, hash } = location;
  const query = new URLSearchParams(search);
  query.delete('tgWebAppStartParam');
  const asked = String(query);
  return pathname + (asked && `?${asked}`) + (hash.includes('tgWebApp') ? '' : hash);
}

/** Routers hear of it as of a step back. The launch parameters of this instance stay in its address. */
function restore(route: string): void {
  attempt(() => {
    history.replaceState(history.state, '', route.includes('#') ? route : route + location.hash);
    dispatchEvent(new PopStateEvent('popstate', { state: history.state as unknown }));
  });
}

/** Whether an earlier load has ended it: the session of a reload is the stored one, with its grant. */
function isOver(startParam: string | null): boolean {
  return [over, attempt(() => sessionStorage.getItem(NAME))].includes(startParam);
}

function endOf(startParam: string | null): void {
  over = startParam;
  attempt(() => sessionStorage.setItem(NAME, startParam ?? ''));
}

/** Storage may be blocked, and a server has none. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
