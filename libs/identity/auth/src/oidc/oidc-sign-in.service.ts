import { Injectable } from '@nestjs/common';
import { type Application, ApplicationsService, botError, BotTokens } from '@countersign/applications';
import { Configuration, Logger } from '@countersign/runtime';
import { requestError, toAppError, withParameters } from '@countersign/http';
import { idTokenError, oidcError } from './oidc.errors';
import { RedirectCodes } from '../exchange/redirect-codes';
import { neededFields } from '../proof/verified-proof';
import {
  OIDC_TRANSACTION_SECONDS,
  type OidcTransaction,
  OidcTransactions,
  randomText,
} from './oidc-transactions';
import type { StartOidcQuery } from './start-oidc.query';
import { TelegramOidc } from './telegram-oidc';
import { TelegramOidcDoor } from './telegram-oidc.door';
import type { AppError } from '@countersign/text';
import { sha256 } from '@countersign/crypto';

/**
 * The cookie binds a sign-in to the browser that began it. Its name depends on the state, so that several tabs can sign
 * in at once. `__Host-` prevents other hosts of the domain from setting it (RFC 6265bis, section 4.1.3.2).
 */
export function browserCookie(state: string, secret: string, lifetimeSeconds: number): string {
  return `${nameFor(state)}=${secret}; Max-Age=${lifetimeSeconds}; ${ATTRIBUTES}`;
}

export function noBrowserCookie(state: string): string {
  return `${nameFor(state)}=; Max-Age=0; ${ATTRIBUTES}`;
}

/** The secret from the `Cookie` header; null if there is none, or more than one. */
export function readBrowserCookie(header: string | undefined, state: string): string | null {
  const start = `${nameFor(state)}=`;
  const [found, another] = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(start));
  return found === undefined || another !== undefined ? null : found.slice(start.length);
}

/** Lax, because the browser returns from another site. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

function nameFor(state: string): string {
  return `__Host-oidc-${sha256(state).toString('hex').slice(0, 16)}`;
}

interface LandingPage {
  readonly redirectUri: string;
  readonly clientState: string | null;
}

export function landingWithCode(page: LandingPage, code: string): string {
  return landing(page, { code });
}

/** The page with an error as in RFC 6749, section 4.1.2.1. Our own code is its description. */
export function landingWithError(page: LandingPage, error: AppError): string {
  return landing(page, { error: wordFor(error), error_description: error.code });
}

function landing(
  { redirectUri, clientState }: LandingPage,
  parameters: Readonly<Record<string, string>>,
): string {
  return withParameters(redirectUri, {
    ...parameters,
    ...(clientState === null ? {} : { state: clientState }),
  });
}

function wordFor({ code, kind }: AppError): string {
  if (code === 'oidc.login_declined') return 'access_denied';
  return kind === 'unavailable' ? 'temporarily_unavailable' : 'server_error';
}

const PATH = '/v1/auth/telegram/oidc/callback';
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/i;
const HOST = /^([a-z0-9_.-]+|\[[0-9a-f:]+\])(:\d{1,5})?$/i;

/**
 * The URL to which Telegram redirects the browser: below `PUBLIC_URL`, or at the host that the browser requested.
 * Telegram compares it with the bot's registered URLs. Browsers keep the cookie over HTTPS or on localhost only.
 * @param host the `Host` header
 */
export function callbackUrlAt(publicUrl: string | null, host: string | undefined): string {
  if (publicUrl !== null) return `${publicUrl}${PATH}`;
  const url = `${LOCAL_HOST.test(host ?? '') ? 'http' : 'https'}://${host ?? ''}${PATH}`;
  if (host === undefined || !HOST.test(host) || !URL.canParse(url))
    throw requestError('request.malformed', { detail: 'The `Host` header names no host.' });
  return new URL(url).href;
}

export interface OidcRedirect {
  readonly location: string;
  readonly cookie: string | null;
  readonly errorCode: string | null;
}

/** The parameters of Telegram's redirect; unknown ones are ignored (RFC 6749, section 4.1.2). */
export type OidcReturn = Readonly<Partial<Record<'code' | 'state' | 'error' | 'iss', unknown>>>;

/** "Log In With Telegram": start and callback, which ends in a one-time code at the application's page. */
@Injectable()
export class OidcSignInService {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly botTokens: BotTokens,
    private readonly telegram: TelegramOidc,
    private readonly door: TelegramOidcDoor,
    private readonly transactions: OidcTransactions,
    private readonly codes: RedirectCodes,
    private readonly configuration: Configuration,
    private readonly logger: Logger,
  ) {}

  /**
   * @param host the `Host` header, used if `PUBLIC_URL` is not set
   * @param isOwnPage the sign-in ends at a page of this service, which no setting names
   */
  async start(query: StartOidcQuery, host: string | undefined, isOwnPage = false): Promise<OidcRedirect> {
    const applicationId = query.applicationId.toLowerCase();
    const { application, bot } = await this.applications.getOidcTarget(applicationId, query.botId);
    if (!isOwnPage) assertRedirectUri(application, query.redirectUri);
    const callbackUrl = callbackUrlAt(this.configuration.publicUrl, host);
    const page = { redirectUri: query.redirectUri, clientState: query.state ?? null };
    let endpoint: string;
    try {
      endpoint = await this.telegram.getAuthorizationEndpoint();
    } catch (error) {
      return this.giveUp(page, error, null);
    }

    const [codeVerifier, nonce] = [randomText(), randomText()];
    const { state, browserSecret } = await this.transactions.begin({
      ...page,
      applicationId,
      botId: bot.botId,
      codeChallenge: query.codeChallenge,
      callbackUrl,
      codeVerifier,
      nonce,
      startParam: query.startParam ?? null,
      isOwnPage,
    });
    const url = new URL(endpoint);
    const parameters = {
      client_id: bot.botId,
      redirect_uri: callbackUrl,
      response_type: 'code',
      scope: scopeFor(application),
      state,
      nonce,
      code_challenge: sha256(codeVerifier).toString('base64url'),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return {
      location: url.href,
      cookie: browserCookie(state, browserSecret, OIDC_TRANSACTION_SECONDS),
      errorCode: null,
    };
  }

  async finish(returned: OidcReturn, cookies: string | undefined): Promise<OidcRedirect> {
    const { state } = returned;
    if (typeof state !== 'string') throw oidcError('oidc.state_invalid');
    const transaction = await this.transactions.take(state, readBrowserCookie(cookies, state));
    const application = await this.applications.getById(transaction.applicationId);
    if (!transaction.isOwnPage) assertRedirectUri(application, transaction.redirectUri);
    const cookie = noBrowserCookie(state);
    try {
      const code = await this.exchange(transaction, codeOf(returned, this.telegram.issuer));
      return { location: landingWithCode(transaction, code), cookie, errorCode: null };
    } catch (error) {
      return this.giveUp(transaction, error, cookie);
    }
  }

  private async exchange(transaction: OidcTransaction, code: string): Promise<string> {
    const { applicationId, botId, callbackUrl, codeVerifier, codeChallenge, nonce, startParam } = transaction;
    const { application, bot } = await this.applications.getOidcTarget(applicationId, botId);
    if (!bot.oidcClientSecret) throw botError('bot.oidc_not_configured');
    const clientSecret = this.botTokens.open(bot.id, 'oidc_client_secret', bot.oidcClientSecret);
    const idToken = await this.telegram.redeem({
      clientId: botId,
      clientSecret,
      code,
      redirectUri: callbackUrl,
      codeVerifier,
    });
    const { proof } = await this.door.open({ application, bot, code, idToken, nonce, startParam });
    return this.codes.issue(proof, codeChallenge);
  }

  /** Redirects to the page with the error, so that the person can try again. Defects of this service are thrown. */
  private giveUp(page: LandingPage, thrown: unknown, cookie: string | null): OidcRedirect {
    const error = toAppError(thrown);
    if (error.kind === 'internal') throw thrown;
    if (error.kind === 'unavailable')
      this.logger.warn({ code: error.code, err: error.options.cause }, 'a login with Telegram was given up');
    return { location: landingWithError(page, error), cookie, errorCode: error.code };
  }
}

function assertRedirectUri({ settings }: Application, redirectUri: string): void {
  if (!settings.redirectUrls.includes(redirectUri)) throw oidcError('oidc.redirect_uri_not_allowed');
}

/** Requests only profile scopes whose data would be stored. */
function scopeFor(application: Application): string {
  const phone = neededFields(application).has('phoneNumber') ? ['phone'] : [];
  return ['openid', 'profile', ...phone].join(' ');
}

function codeOf({ code, error, iss }: OidcReturn, issuer: string): string {
  // Telegram does not send `iss` yet (RFC 9207).
  if (iss !== undefined && iss !== issuer) throw idTokenError('oidc.issuer_mismatch');
  if (error === 'access_denied') throw oidcError('oidc.login_declined');
  if (error === 'temporarily_unavailable') throw oidcError('oidc.provider_unavailable');
  if (error !== undefined) throw oidcError('oidc.authorization_refused');
  if (typeof code !== 'string' || !/^[\x21-\x7e]{1,2048}$/.test(code))
    throw oidcError('oidc.answer_malformed');
  return code;
}
