import type { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Client, Grant, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { browserCookie } from '@countersign/auth';
import { Configuration, Logger } from '@countersign/runtime';
import { unavailable } from '@countersign/database';
import { DPOP_ALGORITHMS } from '@countersign/proofs';
import { PAGE_POLICY } from '@countersign/http';
import { assurances, ExtendsIssuer, IdTokenKeys, type IdTokenKeySet, toJwk } from '@countersign/sessions';
import { isSecretOf, OpenidClients } from '../clients/openid-clients';
import { OpenidConsents } from '../consents/openid-consents';
import { BrowserSessions } from '../login/browser-sessions';
import { OpenidAdapter } from '../store/openid-adapter';
import { OpenidRecords } from '../store/openid-records.repository';
import { idTokenAlgorithms } from '../store/openid.entities';
import { OpenidAccounts, type SessionAccount } from './openid-accounts';
import { openidConfiguration, REQUEST_SECONDS } from './openid-configuration';
import { OpenidOrigins } from './openid-origins';
import { OpenidRefusals } from './openid-refusals';
import { loginPath, UNSEEN } from './page';

export const DISCOVERY = '/.well-known/openid-configuration';
/** Servers of applications find these in the other metadata document. */
const OF_SESSIONS = ['introspection_endpoint', 'revocation_endpoint'];

/** At these endpoints, any caller that knows a public client can store a record of this model. */
const STORES: Readonly<Record<string, string>> = {
  device_authorization: 'DeviceCode',
  pushed_authorization_request: 'PushedAuthorizationRequest',
};

type Oidc = typeof import('oidc-provider');

/** A proof may be dated this far in the future. */
const PROOF_SECONDS = 300;

/** Builds the library again when the set of keys changes. */
@Injectable()
@ExtendsIssuer()
export class OpenidProvider {
  private current: { readonly name: string; readonly provider: Provider } | null = null;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly configuration: Configuration,
    private readonly keys: IdTokenKeys,
    private readonly records: OpenidRecords,
    private readonly clients: OpenidClients,
    private readonly consents: OpenidConsents,
    private readonly accounts: OpenidAccounts,
    private readonly browsers: BrowserSessions,
    private readonly refusals: OpenidRefusals,
    private readonly origins: OpenidOrigins,
    private readonly logger: Logger,
  ) {}

  async get(): Promise<Provider> {
    const keys = await this.keys.current();
    if (this.current?.name !== keys.name)
      this.current = { name: keys.name, provider: await this.build(keys) };
    return this.current.provider;
  }

  /** The members of `openid-configuration`, except those for tokens of sessions, so that both documents agree. */
  async metadata(): Promise<object> {
    const fastify: FastifyInstance = this.adapterHost.httpAdapter.getInstance();
    const answer = await fastify.inject(DISCOVERY);
    if (answer.statusCode !== 200) throw unavailable(new Error('there is no metadata'));
    const members = answer.json<object>();
    return Object.fromEntries(Object.entries(members).filter(([name]) => !OF_SESSIONS.includes(name)));
  }

  async publicKeys(): Promise<readonly object[]> {
    const { keys } = await this.keys.current();
    return keys.filter(({ alg }) => alg === 'RS256').map((key) => toJwk(key, 'public'));
  }

  private async build({ keys }: IdTokenKeySet): Promise<Provider> {
    const library = await loadLibrary(this.logger);
    const { issuer } = this.configuration;
    const refusal = (reason: string): Error => new library.errors.InvalidGrant(reason);
    const assertRoom = async (model: string): Promise<void> => {
      const context = library.Provider.ctx;
      if (context && STORES[context.oidc.route] === model) await this.refusals.assertRoom(context);
    };
    const { claims } = this.accounts;
    const provider: Provider = new library.Provider(issuer, {
      ...openidConfiguration(issuer.startsWith('https:'), this.refusals),
      acrValues: [...assurances],
      adapter: (model: string) => new OpenidAdapter(model, this.records, this.clients, refusal, assertRoom),
      clientBasedCORS: (context, origin, client) => this.origins.passes(context, origin, client),
      claims: { iss: null, sid: null, ...claims },
      scopes: Object.keys(claims),
      enabledJWA: {
        idTokenSigningAlgValues: idTokenAlgorithms.filter((name) => keys.some(({ alg }) => alg === name)),
        dPoPSigningAlgValues: [...DPOP_ALGORITHMS],
      },
      findAccount: async ({ oidc }, sessionId) => {
        const account = await this.accounts.find(sessionId);
        return account?.principal.applicationId === oidc.client?.['application_id'] ? account : undefined;
      },
      interactions: {
        policy: policyOf(library, (context) => this.isUnseen(context)),
        url: (context, { uid }) => {
          context.append('set-cookie', browserCookie(uid, '1', REQUEST_SECONDS));
          return loginPath(uid);
        },
      },
      jwks: { keys: keys.map((key) => toJwk(key, 'private')) },
      loadExistingGrant: (context) => this.loadGrant(provider, context),
      pairwiseIdentifier: (context, sessionId, client) => this.accounts.subjectOf(context, sessionId, client),
    });
    // `OpenidEndpoint` writes the headers that the library reads.
    provider.proxy = true;
    const failed = (error: unknown) => this.logger.error({ err: error }, 'the OpenID provider failed');
    // Koa emits this event, which the library's types omit.
    (provider as unknown as EventEmitter).on('error', failed);
    provider.on('server_error', (_context, error) => failed(error));
    provider.use(async (context, next) => {
      context.set({ 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-store' });
      await next();
      await this.origins.restrict(context as KoaContextWithOIDC);
      await this.recordSilent((context as Partial<KoaContextWithOIDC>).oidc);
    });
    this.refusals.watch(provider);
    this.addOwnMembers(provider, library);
    return provider;
  }

  /** The library's documents name `compareClientSecret`. The other members belong to its public models. */
  private addOwnMembers({ Client, ReplayDetection, Session }: Provider, { Provider: Library }: Oidc): void {
    const { refusals, records, browsers } = this;
    Object.defineProperties(Client.prototype, {
      compareClientSecret: {
        value(this: Client, presented: string): boolean {
          const isRight = isSecretOf(this, presented);
          if (isRight && Library.ctx) refusals.noteAuthenticated(Library.ctx);
          return isRight;
        },
      },
      // The library's account is a session of ours, so `sub` is always derived: see `OpenidAccounts.subjectOf`.
      subjectType: { get: () => 'pairwise', set: Boolean },
      // `Logouts` notifies the clients of a session that has ended.
      backchannelLogout: { value: () => Promise.resolve() },
    });
    // The library reads before it stores, so simultaneous proofs would all count as new.
    Object.defineProperty(ReplayDetection, 'unique', {
      value: (issuer: string, jti: string, exp: number): Promise<boolean> =>
        records.isNew('ReplayDetection', `${issuer} ${jti}`, { exp: exp + PROOF_SECONDS }),
    });
    const persist = Session.prototype['persist' as never] as (this: object) => Promise<unknown>;
    // The library's form for device codes needs a session that it has not stored.
    Object.defineProperty(Session.prototype, 'persist', {
      async value(this: { exp?: number }): Promise<void> {
        if (this.exp !== undefined) await persist.call(this);
      },
    });
    Object.defineProperty(Session.prototype, 'destroy', {
      async value(this: { accountId?: string; destroyed?: boolean }): Promise<void> {
        if (this.accountId !== undefined) await browsers.end(this.accountId);
        this.destroyed = true;
      },
    });
  }

  private async isUnseen({ oidc }: KoaContextWithOIDC): Promise<boolean> {
    const account = oidc.account as SessionAccount | undefined;
    if (!account) return false;
    const client = await this.clients.find(oidc.client?.clientId ?? '');
    return client != null && !(await this.browsers.hasSeen(account.principal, client));
  }

  /** Runs before the answer with the code is sent: an answer without a record must not leave. */
  private async recordSilent(oidc: KoaContextWithOIDC['oidc'] | undefined): Promise<void> {
    const account = oidc?.account as SessionAccount | undefined;
    // The route `resume` follows a page that the person has answered.
    if (oidc?.route === 'authorization' && oidc.entities.AuthorizationCode && account)
      await this.browsers.recordSilent(account.principal, oidc.entities.AuthorizationCode.clientId ?? '');
  }

  /** A client of the operator gets its scopes; a third party's client gets what the person consented to. */
  private async loadGrant(provider: Provider, { oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
    const { client, session } = oidc;
    const account = oidc.account as SessionAccount | undefined;
    if (!client || !session || !account) return undefined;
    const isThirdParty = client['is_third_party'] === true;
    const { userId } = account.principal;
    const scopes = isThirdParty
      ? ((await this.consents.find(userId, client.clientId))?.scopes ?? [])
      : (client.scope?.split(' ') ?? []);
    if (scopes.length === 0) return undefined;
    const grantId = session.grantIdFor(client.clientId);
    const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
    const { accountId } = account;
    const grant = known ?? new provider.Grant({ accountId, clientId: client.clientId });
    grant.addOIDCScope(scopes.join(' '));
    const claims = scopes.flatMap((scope) => this.accounts.claims[scope] ?? []);
    grant.addOIDCClaims(claims);
    // People are not asked for single claims.
    const others = [...oidc.requestParamClaims].filter((claim) => !claims.includes(claim));
    if (others.length > 0) grant.rejectOIDCClaims(others);
    await grant.save();
    return grant;
  }
}

/** The library writes a notice about the runtime to `console` while it loads. This sends it to our log. */
async function loadLibrary(logger: Logger): Promise<Oidc> {
  const { warn } = console;
  // oxlint-disable-next-line no-console -- the library has no other way to say it
  console.warn = (notice: string) => {
    logger.warn({}, notice);
  };
  try {
    return await import('oidc-provider');
  } finally {
    // oxlint-disable-next-line no-console -- as above
    console.warn = warn;
  }
}

/** A session that is over or of another application is none. Against relays, the phone approves each device. */
function policyOf(
  { interactionPolicy: { base, Check, Prompt } }: Oidc,
  isUnseen: (context: KoaContextWithOIDC) => Promise<boolean>,
) {
  const policy = base();
  // The phone says who the person is, so each of these is a sign-in (OpenID Connect Core 3.1.2.1, Prompt Create 1.0).
  for (const name of ['select_account', 'create']) {
    const prompt = new Prompt({ name, requestable: true });
    prompt.checks.clear();
    const isPending = ({ oidc }: KoaContextWithOIDC) =>
      oidc.promptPending(name) && oidc.result?.login === undefined;
    prompt.checks.add(
      new Check(`${name}_prompt`, 'End-User authentication is required', 'login_required', isPending),
    );
    policy.add(prompt, 0);
  }
  // Clients with a loopback address ask for consent like all others.
  policy.get('consent')?.checks.remove('native_client_prompt');
  policy.get('login')?.checks.add(
    new Check('no_phone', 'End-User authentication is required', 'login_required', ({ oidc }) => {
      const isDevice = oidc.entities.DeviceCode !== undefined && oidc.result?.login === undefined;
      return oidc.account === undefined || isDevice;
    }),
  );
  const unseen = 'the End-User has to see the client once';
  policy.get('consent')?.checks.add(new Check(UNSEEN, unseen, 'interaction_required', isUnseen));
  return policy;
}
