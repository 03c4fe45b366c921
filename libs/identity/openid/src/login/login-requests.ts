import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AdapterPayload, InteractionResults } from 'oidc-provider';
import type { EntityManager } from 'typeorm';
import { codeInStartParam, mintCode } from '@countersign/account';
import { HooksIntoSignIn, type NewSignIn, type SignInHook, type VerifiedSignIn } from '@countersign/auth';
import { Clock, plusSeconds, SECOND, secondsUntil } from '@countersign/clock';
import { Database } from '@countersign/database';
import { STEP_UP_SECONDS, type Principal } from '@countersign/sessions';
import { OpenidClients } from '../clients/openid-clients';
import { OpenidConsents } from '../consents/openid-consents';
import { openidError } from '../openid.errors';
import { OpenidAccounts } from '../provider/openid-accounts';
import { OpenidRecords } from '../store/openid-records.repository';
import type { OpenidClientEntity } from '../store/openid.entities';
import { BrowserSessions } from './browser-sessions';
import { LoginLaunchResponse } from './login-request.dto';

const MODEL = 'LoginRequest';
const MAX_WRONG_NUMBERS = 3;
const REQUEST_SECONDS = 600;

/** `proven`: the browser has signed in by itself, and its person has yet to agree to what a third party gets. */
type Outcome = 'accepted' | 'failed' | 'proven';

/** Its session, and how and when its person proved who they are. */
type Login = NonNullable<InteractionResults['login']>;

/** A browser that waits for the phone of its person. It belongs to one interaction of the library, and so to one cookie. */
export interface LoginRequest {
  /** Of the interaction. */
  readonly id: string;
  readonly code: string;
  /** What the browser shows, and the person types. */
  readonly number: number;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly browser: string;
  readonly address: string;
  readonly askedAt: string;
  /** The session that the browser has already. */
  readonly knownSessionId: string | undefined;
  readonly wrongNumbers: number;
  /** The session whose launch carried the code last: it alone can accept. */
  readonly launch: string | null;
  readonly outcome?: Outcome;
  /** Of the browser, once it is signed in. */
  readonly login?: Login;
  /** What the client gets, in words, once the request is `proven`. */
  readonly toAgree?: readonly string[];
  /** Seconds since 1970. */
  readonly exp: number;
}

type Asked = Pick<LoginRequest, 'id' | 'clientId' | 'scopes' | 'browser' | 'address' | 'knownSessionId'>;

interface DescribedRequest {
  readonly client: OpenidClientEntity;
  readonly request: LoginRequest;
  /** What the client gets, in words; empty where the person need not agree. */
  readonly toAgree: readonly string[];
  readonly expiresIn: number;
}

/** Requests of browsers to be signed in by the phone of their person. */
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

  /** That of the interaction, or a new one. */
  async ask(asked: Asked): Promise<LoginRequest> {
    const known = await this.find(asked.id);
    if (known) return known;
    const now = this.clock.now();
    const request: LoginRequest = {
      ...asked,
      code: mintCode(),
      number: randomInt(10, 100),
      askedAt: now.toISOString(),
      wrongNumbers: 0,
      launch: null,
      exp: Math.floor(now.getTime() / SECOND) + REQUEST_SECONDS,
    };
    await this.save(request);
    return request;
  }

  async find(id: string): Promise<LoginRequest | null> {
    return requestIn(await this.records.find(MODEL, id));
  }

  /** Notes the session of a launch, in its transaction. @returns whether the request is open */
  async launched(tx: EntityManager, code: string, sessionId: string): Promise<boolean> {
    const found = requestIn(await this.records.findByOther(MODEL, { uid: code }, tx));
    const request = found && requestIn(await this.records.lock(tx, MODEL, found.id));
    if (!request || request.outcome !== undefined) return false;
    await this.save({ ...request, launch: sessionId }, tx);
    return true;
  }

  /** For a session of the same application. @throws AppError openid.request_not_found */
  async describe(caller: Principal, code: string): Promise<DescribedRequest> {
    return this.describedTo(caller, requestIn(await this.records.findByOther(MODEL, { uid: code })));
  }

  /**
   * Signs the browser in. Three wrong numbers end the request.
   * @param agrees whether the person agreed to what the client of a third party gets
   * @throws AppError openid.request_not_found, openid.launch_required, openid.consent_required, openid.number_wrong,
   * session.ended
   */
  async accept(
    caller: Principal,
    code: string,
    { number, agrees }: { readonly number: number; readonly agrees: boolean },
  ): Promise<void> {
    const { id } = (await this.describe(caller, code)).request;
    const isRight = await this.database.transaction(async (tx) => {
      const session = await this.opening.lock(tx, caller);
      const { request, client, toAgree } = await this.lock(tx, caller, id);
      // A token that was stolen must not become a browser that lasts longer.
      const isRecent = plusSeconds(caller.authenticatedAt, STEP_UP_SECONDS) >= this.clock.now();
      if (!isRecent || request.launch !== caller.sessionId) throw openidError('openid.launch_required');
      if (toAgree.length > 0 && !agrees)
        throw openidError('openid.consent_required', { detail: `It asks for ${toAgree.join(', ')}.` });
      if (request.number !== number) {
        const wrongNumbers = request.wrongNumbers + 1;
        const ended = wrongNumbers < MAX_WRONG_NUMBERS ? {} : { outcome: 'failed' as const };
        await this.save({ ...request, wrongNumbers, ...ended }, tx);
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

  /**
   * Signs the browser in by the session that it has opened itself, which ends where the request is answered already. For a
   * client of a third party its person has to agree first.
   * @throws AppError openid.request_not_found
   */
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

  /** Whether the person of a browser that is `proven` agrees. @throws AppError openid.request_not_found */
  async answer(id: string, agrees: boolean): Promise<void> {
    const login = (await this.find(id))?.login;
    const account = login && (await this.accounts.find(login.accountId));
    await this.database.transaction(async (tx) => {
      const request = requestIn(await this.records.lock(tx, MODEL, id));
      const client = request?.outcome === 'proven' ? await this.clients.find(request.clientId, tx) : null;
      if (!request || !account || !client) throw openidError('openid.request_not_found');
      const { accountId, principal } = account;
      if (agrees) await this.consents.give(tx, principal, client, request.scopes);
      else if (accountId !== request.knownSessionId) await this.opening.end(accountId, tx);
      const { login: _, ...refused } = request;
      await this.save(agrees ? { ...request, outcome: 'accepted' } : { ...refused, outcome: 'failed' }, tx);
    });
  }

  private async lock(tx: EntityManager, caller: Principal, id: string): Promise<DescribedRequest> {
    return this.describedTo(caller, requestIn(await this.records.lock(tx, MODEL, id)), tx);
  }

  private async describedTo(
    { applicationId, userId }: Principal,
    request: LoginRequest | null,
    tx?: EntityManager,
  ): Promise<DescribedRequest> {
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
  return { accountId, acr: shownAs ?? assurance, amr: door === null ? [] : [door], ts };
}

function requestIn(found: AdapterPayload | null): LoginRequest | null {
  return found as unknown as LoginRequest | null;
}

/** Lets a launch answer the browser whose link opened it, in a call of its own: the launch alone accepts nothing. */
@Injectable()
@HooksIntoSignIn({
  property: 'login',
  type: LoginLaunchResponse,
  description:
    'Only at the first use of a proof whose start parameter is `o_` and the code of a browser that waits.',
  codes: [],
})
export class LoginLaunches implements SignInHook {
  constructor(private readonly requests: LoginRequests) {}

  appliesTo({ proof }: VerifiedSignIn): boolean {
    return codeInStartParam('login', proof.startParam) !== null;
  }

  async apply(
    tx: EntityManager,
    signIns: readonly NewSignIn[],
  ): Promise<readonly (LoginLaunchResponse | null)[]> {
    const answers = [];
    for (const { signIn, sessionId } of signIns) {
      const code = codeInStartParam('login', signIn.proof.startParam);
      const isOpen = code && sessionId && (await this.requests.launched(tx, code, sessionId));
      answers.push(isOpen ? { code } : null);
    }
    return answers;
  }
}
