import type { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { DailyCounters } from '@countersign/audit';
import {
  addressKey,
  callRules,
  escapeHtml,
  type LimitKey,
  RateLimits,
  refusalRules,
} from '@countersign/http';
import { Logger, Metrics, type CountBy } from '@countersign/runtime';
import { page } from './page';
import { describeRefusal, type LibraryError } from './refusal-descriptions';

const EVENTS = [
  'authorization.error',
  'code_verification.error',
  'device_authorization.error',
  'device_resume.error',
  'end_session.error',
  'end_session_confirm.error',
  'end_session_success.error',
  'grant.error',
  'introspection.error',
  'pushed_authorization_request.error',
  'revocation.error',
  'userinfo.error',
] as const;

/** Answers of a normal sign-in. They are no fault of a client, so no limit of refusals counts them. */
const EXPECTED: ReadonlySet<string> = new Set([
  'access_denied',
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'login_required',
]);

/** A device polls every few seconds until its person has answered. */
const POLLING = 'authorization_pending';

/** Log lines of one address. */
const LINES = { name: 'openid-refusal-lines', limit: 30, window: 60 };
const MAX_DETAIL = 200;
const BUSY = 'temporarily_unavailable';

/** Logs and counts each refusal, tells the client's developer what to change, and applies a limit (ADR 0018). */
@Injectable()
export class OpenidRefusals {
  private readonly refused = new WeakMap<object, LibraryError>();
  private readonly authenticated = new WeakSet<object>();
  private readonly count: CountBy<'endpoint' | 'code'>;

  constructor(
    private readonly counters: DailyCounters,
    private readonly limits: RateLimits,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.count = metrics.counter(
      'countersign_openid_refusals_total',
      'Requests that the OpenID provider refused, by endpoint and code.',
      'endpoint',
      'code',
    );
  }

  watch(provider: Provider): void {
    // The library's types omit some of the events.
    const events = provider as unknown as EventEmitter;
    for (const event of EVENTS)
      events.on(event, (context: KoaContextWithOIDC, error: LibraryError) => {
        this.note(context, error);
      });
    provider.use(async (context, next) => {
      await next();
      const error = this.refused.get(context);
      if (error) await this.answer(context as KoaContextWithOIDC, error);
    });
  }

  note(context: KoaContextWithOIDC, error: LibraryError): void {
    if (error.error !== POLLING) this.refused.set(context, error);
  }

  /** Runs before a request of a client without a secret is stored. All such calls count by address. */
  async assertRoom(context: KoaContextWithOIDC): Promise<void> {
    const address = addressKey(context.ip);
    if (!address || this.authenticated.has(context)) return;
    const { isAllowed, resetIn } = await this.limits.consume(callRules.openid, address);
    if (isAllowed) return;
    context.set('retry-after', String(resetIn));
    // The library renders an error in this form.
    const description = `Too many requests. Wait ${resetIn} seconds.`;
    throw Object.assign(new Error(BUSY), {
      ...{ error: BUSY, error_description: description, status: 429, statusCode: 429, expose: true },
    });
  }

  /** The client has sent the right secret. */
  noteAuthenticated(context: object): void {
    this.authenticated.add(context);
  }

  /** Runs before the answer is sent, so that the limit of the next call includes this one. */
  private async answer(context: KoaContextWithOIDC, refusal: LibraryError): Promise<void> {
    const { client, params, route: endpoint } = context.oidc;
    const code = refusal.error ?? (refusal.name === 'AbortedError' ? 'access_denied' : 'invalid_user_code');
    this.count({ endpoint, code });
    const applicationId = client?.['application_id'];
    this.counters.add('call.refused', typeof applicationId === 'string' ? applicationId : null, code);
    const address = addressKey(context.ip);
    if ((await this.limits.consume(LINES, address ?? ['address', context.ip])).isAllowed)
      this.logger.info(
        {
          requestId: context.response.headers['x-request-id'],
          endpoint,
          code,
          clientId: client?.clientId ?? presentedId(context),
          detail: detailOf(refusal),
        },
        'OpenID request refused',
      );
    rewrite(context, refusal.error_description, describeRefusal(refusal, textOf(params?.['grant_type'])));
    if (EXPECTED.has(code)) return;
    const isAuthenticated = client !== undefined && this.authenticated.has(context);
    const key: LimitKey | null = isAuthenticated ? ['client', client.clientId] : address;
    const rule = refusalRules[isAuthenticated ? 'openid-client' : 'openid'];
    const verdict = key && (await this.limits.consume(rule, key));
    if (verdict?.isAllowed === false) limit(context, verdict.resetIn);
  }
}

function limit(context: KoaContextWithOIDC, seconds: number): void {
  const isPage = context.response.is('html') !== false || context.response.headers.location !== undefined;
  context.remove('location');
  context.remove('www-authenticate');
  context.status = 429;
  context.set('retry-after', String(seconds));
  const description = `Too many requests were refused. Correct the client, and wait ${seconds} seconds.`;
  if (isPage) {
    context.type = 'html';
    context.body = page('This did not work', `<p>${description}</p>`);
  } else context.body = { error: BUSY, error_description: description };
}

/** Replaces the description in each form in which the library may have answered. */
function rewrite(context: KoaContextWithOIDC, before: string | undefined, description: string): void {
  const { body } = context;
  const { 'www-authenticate': challenge, location } = context.response.headers;
  if (before !== undefined && challenge !== undefined)
    context.set(
      'www-authenticate',
      [challenge].flat().map((each) => each.replace(quoted(before), `error_description="${description}"`)),
    );
  if (location !== undefined) {
    const url = new URL(location);
    const isInFragment = url.hash.includes('error=');
    const answer = isInFragment ? new URLSearchParams(url.hash.slice(1)) : url.searchParams;
    answer.set('error_description', description);
    if (isInFragment) url.hash = answer.toString();
    context.set('location', url.href);
  } else if (typeof body === 'string') {
    if (before !== undefined)
      context.body = body.replace(`value="${escapeHtml(before)}"`, `value="${escapeHtml(description)}"`);
  } else if (body !== null && typeof body === 'object' && 'error' in body)
    context.body = { ...body, error_description: description };
}

function quoted(description: string): string {
  return `error_description="${description.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Removes what a client sent, because an inner error may quote it. */
function detailOf({
  error_detail: detail,
  error_description: description,
  message,
  cause,
}: LibraryError): string {
  const text = detail ?? description ?? message;
  const known = cause === undefined ? text : text.replaceAll(/["'].*["']/g, '"."');
  const said = cause instanceof SyntaxError ? (description ?? message) : known;
  return said.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, MAX_DETAIL);
}

/** The id of a client that was not found or not looked up. Any other text may be a secret in the wrong field. */
function presentedId({ oidc, headers }: KoaContextWithOIDC): string | undefined {
  const [, basic = ''] = /^Basic ([\w+/=-]+)$/i.exec(headers.authorization ?? '') ?? [];
  const named =
    textOf(oidc.params?.['client_id']) ?? Buffer.from(basic, 'base64').toString('latin1').split(':', 1)[0];
  return isUUID(named) ? named : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
