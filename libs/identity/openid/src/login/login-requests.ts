import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AdapterPayload, InteractionResults } from 'oidc-provider';
import type { EntityManager } from 'typeorm';
import { mintCode } from '@countersign/account';
import { Clock, plusSeconds, SECOND, secondsUntil } from '@countersign/runtime';
import { Database, type Locked } from '@countersign/database';
import { STEP_UP_SECONDS, type Principal } from '@countersign/sessions';
import { OpenidClients } from '../clients/openid-clients';
import { OpenidConsents } from '../consents/openid-consents';
import { openidError } from '../openid.errors';
import { OpenidAccounts } from '../provider/openid-accounts';
import { OpenidRecords } from '../store/openid-records.repository';
import type { OpenidClientEntity } from '../store/openid.entities';
import { BrowserSessions } from './browser-sessions';

const MODEL = 'LoginRequest';
const LAUNCH_MODEL = 'LoginLaunch';
const REQUEST_SECONDS = 600;
const NUMBERS = [100_000, 1_000_000] as const;
/** The number of wrong attempts that ends a launch. */
const MAX_OF_LAUNCH = 3;
/** The limit of one person, over all launches for one request. */
const MAX_OF_PERSON = 9;
/** The limit of a request over all people. A hundred people would guess its number with a chance of 1 in 1,000. */
const MAX_OF_REQUEST = 900;

/** `proven`: the browser has signed in by itself, and the person has yet to consent to the third party's client. */
type Outcome = 'accepted' | 'failed' | 'proven';

/** `stop`: the person does not consent to the third party's client. */
export type BrowserAnswer = 'continue' | 'stop' | 'other-person';

/** The session, and how and when the person proved who they are. */
type Login = NonNullable<InteractionResults['login']>;

/** A program and its address, as the service sees them. */
interface Seen {
  readonly browser: string;
  readonly address: string;
}

/** The latest launch of one person for a request. */
interface Launch {
  /** The session of the launch, which alone can answer; `null` once the launch is over. */
  readonly sessionId: string | null;
  /** The wrong numbers of the person in this and earlier launches. */
  readonly wrongNumbers: number;
}

/** A browser that waits for its person's phone. It belongs to one interaction of the library, and so to one cookie. */
export interface LoginRequest extends Seen {
  /** The id of the interaction. */
  readonly id: string;
  readonly code: string;
  /** The browser shows this number, and the person types it. */
  readonly number: number;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The digest of the client that the page shows, see `SeenClients`. */
  readonly shown: string;
  /** The device that is signed in instead of the browser, which then only shows the page. */
  readonly device: Seen | null;
  readonly askedAt: string;
  readonly knownSessionId: string | undefined;
  /** The count for all people. */
  readonly wrongNumbers: number;
  /** Whether a person refused it on their phone. Others can still accept it. */
  readonly isRefused: boolean;
  readonly outcome?: Outcome;
  readonly login?: Login;
  /** The data that the client gets, in words, once the request is `proven`. */
  readonly toAgree?: readonly string[];
  /** Seconds since 1970. */
  readonly exp: number;
}

type Asked = Pick<
  LoginRequest,
  'id' | 'clientId' | 'scopes' | 'shown' | 'device' | keyof Seen | 'knownSessionId'
>;

interface DescribedRequest<R extends LoginRequest = LoginRequest> {
  readonly client: OpenidClientEntity;
  readonly request: R;
  /** The data that the client gets, in words; empty if the person need not consent. */
  readonly toAgree: readonly string[];
  readonly expiresIn: number;
}

@Injectable()
export class LoginRequests {
  constructor(
    private readonly database: Database,
    private readonly records: OpenidRecords,
    private readonly clients: OpenidClients,
    private readonly consents: OpenidConsents,
    private readonly accounts: OpenidAccounts,
    private readonly opening: BrowserSessions,
    private readonly clock: Clock,
  ) {}

  async ask(asked: Asked): Promise<LoginRequest> {
    const known = await this.find(asked.id);
    if (known) return known;
    const now = this.clock.now();
    const request: LoginRequest = {
      ...asked,
      code: mintCode(),
      number: randomInt(...NUMBERS),
      askedAt: now.toISOString(),
      wrongNumbers: 0,
      isRefused: false,
      exp: Math.floor(now.getTime() / SECOND) + REQUEST_SECONDS,
    };
    await this.save(request);
    return request;
  }

  async find(id: string): Promise<LoginRequest | null> {
    return requestIn(await this.records.find(MODEL, id));
  }

  /** Replaces the person's earlier launch. @returns whether the person can answer; init data per request cannot */
  async launched(
    tx: EntityManager,
    code: string,
    {
      applicationId,
      userId,
      sessionId,
    }: Pick<Principal, 'applicationId' | 'userId'> & { sessionId: string | null },
  ): Promise<boolean> {
    if (sessionId === null) return false;
    const found = requestIn(await this.records.findByOther(MODEL, { uid: code }, tx));
    const request = found && requestIn(await this.records.lock(tx, MODEL, found.id));
    if (!request || request.outcome !== undefined) return false;
    const client = await this.clients.find(request.clientId, tx);
    if (client?.applicationId !== applicationId) return false;
    const wrongNumbers = (await this.launchOf(tx, request, userId))?.wrongNumbers ?? 0;
    if (wrongNumbers >= MAX_OF_PERSON) return false;
    await this.saveLaunch(tx, request, userId, { sessionId, wrongNumbers });
    return true;
  }

  /** The caller's session must be of the client's application. */
  async describe(caller: Principal, code: string): Promise<DescribedRequest> {
    return this.describedTo(caller, requestIn(await this.records.findByOther(MODEL, { uid: code })));
  }

  /** Three wrong numbers end the launch: the person has to open the link again. @param agrees whether they consent */
  async accept(
    caller: Principal,
    code: string,
    { number, agrees }: { readonly number: number; readonly agrees: boolean },
  ): Promise<void> {
    const { id } = (await this.describe(caller, code)).request;
    const isRight = await this.database.transaction(async (tx) => {
      const session = await this.opening.lock(tx, caller);
      const { request, client, toAgree } = await this.lock(tx, caller, id);
      const launch = await this.lockLaunch(tx, caller, request);
      // A stolen token must not become a browser session that lasts longer.
      const isRecent = plusSeconds(caller.authenticatedAt, STEP_UP_SECONDS) >= this.clock.now();
      if (!isRecent) throw openidError('openid.launch_required');
      if (toAgree.length > 0 && !agrees)
        throw openidError('openid.consent_required', { detail: `It asks for ${toAgree.join(', ')}.` });
      if (request.number !== number) {
        await this.countWrong(tx, caller, request, launch);
        return false;
      }
      if (toAgree.length > 0) await this.consents.give(tx, caller, client, request.scopes);
      const login = loginOf(caller, await this.opening.open(tx, session, request, false));
      await this.save({ ...request, outcome: 'accepted', login }, tx);
      return true;
    });
    // Thrown after the commit: the attempt counts.
    if (!isRight) throw openidError('openid.number_wrong');
  }

  /** The request stays open for other people: a stranger with a photograph of its QR code must not end a sign-in. */
  async refuse(caller: Principal, code: string): Promise<void> {
    const { id } = (await this.describe(caller, code)).request;
    await this.database.transaction(async (tx) => {
      await this.opening.lock(tx, caller);
      const { request } = await this.lock(tx, caller, id);
      const { wrongNumbers } = await this.lockLaunch(tx, caller, request);
      await this.saveLaunch(tx, request, caller.userId, { sessionId: null, wrongNumbers });
      await this.save({ ...request, isRefused: true }, tx);
    });
  }

  /** Uses a session that the browser has opened, and ends it on failure. A third party needs consent first. */
  async prove(caller: Principal, id: string): Promise<void> {
    const work = async (tx: EntityManager): Promise<void> => {
      const session = await this.opening.lock(tx, caller);
      const { request, toAgree } = await this.lock(tx, caller, id);
      const login = loginOf(caller, await this.opening.open(tx, session, request, true));
      const outcome = toAgree.length > 0 ? 'proven' : 'accepted';
      await this.save({ ...request, outcome, login, toAgree }, tx);
    };
    await this.database.transaction(work).catch(async (error: unknown) => {
      await this.opening.end(caller.sessionId);
      throw error;
    });
  }

  /**
   * Records the answer to the account page. `continue` also consents to a third party's client, and marks the client as
   * seen. `other-person` ends the account's session, and the page asks again.
   * @returns the sign-in, if the person continues
   */
  async answer(id: string, answer: BrowserAnswer): Promise<Login | null> {
    const login = (await this.find(id))?.login;
    const account = login && (await this.accounts.find(login.accountId));
    await this.database.transaction(async (tx) => {
      // People are locked before requests.
      if (answer === 'continue' && account) await this.opening.lock(tx, account.principal);
      const request = requestIn(await this.records.lock(tx, MODEL, id));
      const client = request?.login ? await this.clients.find(request.clientId, tx) : null;
      if (!request || !account || !client) throw openidError('openid.request_not_found');
      const { accountId, principal } = account;
      if (answer === 'continue') {
        await this.opening.see(tx, principal, client.id, request.shown);
        if (request.outcome === 'proven') await this.consents.give(tx, principal, client, request.scopes);
        await this.save({ ...request, outcome: 'accepted' }, tx);
        return;
      }
      const { login: _, ...refused } = request;
      await this.save({ ...refused, outcome: 'failed' }, tx);
      if (answer === 'other-person' || accountId !== request.knownSessionId)
        await this.opening.end(accountId, tx);
    });
    if (answer === 'other-person') await this.records.delete(MODEL, id);
    return answer === 'continue' ? (login ?? null) : null;
  }

  async see(sessionId: string, clientId: string, shown: string): Promise<void> {
    const account = await this.accounts.find(sessionId);
    if (!account) throw openidError('openid.request_not_found');
    await this.database.transaction((tx) => this.opening.see(tx, account.principal, clientId, shown));
  }

  /** The caller's session must be of the person's latest launch. */
  private async lockLaunch(
    tx: EntityManager,
    caller: Principal,
    request: Locked<LoginRequest>,
  ): Promise<Launch> {
    const launch = await this.launchOf(tx, request, caller.userId);
    if (launch?.sessionId !== caller.sessionId) throw openidError('openid.launch_required');
    return launch;
  }

  private async countWrong(
    tx: EntityManager,
    { userId, sessionId }: Principal,
    request: LoginRequest,
    launch: Launch,
  ): Promise<void> {
    const wrongNumbers = launch.wrongNumbers + 1;
    const left = wrongNumbers % MAX_OF_LAUNCH === 0 ? null : sessionId;
    await this.saveLaunch(tx, request, userId, { sessionId: left, wrongNumbers });
    const all = request.wrongNumbers + 1;
    const ended = all < MAX_OF_REQUEST ? {} : { outcome: 'failed' as const };
    await this.save({ ...request, wrongNumbers: all, ...ended }, tx);
  }

  private async launchOf(
    tx: EntityManager,
    { id }: Locked<LoginRequest>,
    userId: string,
  ): Promise<Launch | null> {
    return (await this.records.lock(tx, LAUNCH_MODEL, `${id} ${userId}`)) as unknown as Launch | null;
  }

  private async saveLaunch(
    tx: EntityManager,
    { id, exp }: LoginRequest,
    userId: string,
    launch: Launch,
  ): Promise<void> {
    await this.records.save(LAUNCH_MODEL, `${id} ${userId}`, { ...launch, exp }, tx);
  }

  private async lock(
    tx: EntityManager,
    caller: Principal,
    id: string,
  ): Promise<DescribedRequest<Locked<LoginRequest>>> {
    return this.describedTo(caller, requestIn(await this.records.lock(tx, MODEL, id)), tx);
  }

  private async describedTo<R extends LoginRequest>(
    { applicationId, userId }: Principal,
    request: R | null,
    tx?: EntityManager,
  ): Promise<DescribedRequest<R>> {
    const now = this.clock.now();
    const isOpen = request && request.outcome === undefined && request.exp * SECOND > now.getTime();
    const client = isOpen ? await this.clients.find(request.clientId, tx) : null;
    if (!isOpen || client?.applicationId !== applicationId) throw openidError('openid.request_not_found');
    const agreed = client.isThirdParty
      ? ((await this.consents.find(userId, client.id, tx))?.scopes ?? [])
      : request.scopes;
    const missing = request.scopes.filter((scope) => !agreed.includes(scope));
    const expiresIn = secondsUntil(new Date(request.exp * SECOND), now);
    return { client, request, toAgree: this.accounts.wordsOf(missing), expiresIn };
  }

  private async save(request: LoginRequest, tx?: EntityManager): Promise<void> {
    const { code: uid, login } = request;
    const content = { ...request, uid, accountId: login?.accountId };
    await this.records.save(MODEL, request.id, content, tx);
  }
}

function loginOf({ shownAs, assurance, door, authenticatedAt }: Principal, accountId: string): Login {
  const ts = Math.floor(authenticatedAt.getTime() / SECOND);
  return { accountId, acr: shownAs ?? assurance, amr: [door], ts };
}

function requestIn<P extends AdapterPayload>(found: P | null): (P & LoginRequest) | null {
  return found as (P & LoginRequest) | null;
}
