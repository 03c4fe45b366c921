import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Account, Client, KoaContextWithOIDC } from 'oidc-provider';
import { AccountService } from '@countersign/account';
import { ApplicationsService } from '@countersign/applications';
import { Clock, earliest, secondsUntil } from '@countersign/runtime';
import { Database } from '@countersign/database';
import {
  AddsClaims,
  endOf,
  grantedTo,
  type Principal,
  proofClaimsOf,
  SessionsService,
  toPrincipal,
} from '@countersign/sessions';
import { OpenidConsents } from '../consents/openid-consents';
import { openidError } from '../openid.errors';

/** The scopes that always exist. `AddsClaims` declares others. */
const STANDARD = [
  { scope: 'openid', claims: ['sub', 'acr', 'amr', 'auth_time'], words: 'who you are for it' },
  {
    scope: 'profile',
    claims: ['name', 'preferred_username', 'picture'],
    words: 'your name, username and photo',
  },
  { scope: 'phone', claims: ['phone_number'], words: 'your telephone number' },
];

/** The library's account is a session, because all tokens of a client end with the session. */
export interface SessionAccount extends Account {
  readonly principal: Principal;
  readonly secondsLeft: number;
}

@Injectable()
export class OpenidAccounts {
  private readonly additions;

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly applications: ApplicationsService,
    private readonly accounts: AccountService,
    private readonly consents: OpenidConsents,
    private readonly clock: Clock,
    discovery: DiscoveryService,
  ) {
    this.additions = AddsClaims.in(discovery);
  }

  get claims(): Record<string, string[]> {
    return Object.fromEntries(this.scopes.map(({ scope, claims }) => [scope, [...claims]]));
  }

  wordsOf(scopes: readonly string[]): readonly string[] {
    return this.scopes.filter(({ scope }) => scopes.includes(scope)).map(({ words }) => words);
  }

  /** `undefined` if the session is over. */
  async find(sessionId: string): Promise<SessionAccount | undefined> {
    const session = await this.database.read((manager) => this.sessions.findById(manager, sessionId));
    const now = this.clock.now();
    const principal = session && !endOf(session, now) ? toPrincipal(session) : null;
    if (!session || !principal) return undefined;
    return {
      accountId: sessionId,
      principal,
      secondsLeft: Math.max(1, secondsUntil(earliest(session.expiresAt, session.idleExpiresAt), now)),
      claims: async (_use, scope, asked) => {
        const wanted = this.scopes.filter(({ claims }) => claims.some((claim) => claim in asked));
        const scopes = new Set([...scope.split(' '), ...wanted.map((each) => each.scope)]);
        return { sub: sessionId, ...(await this.claimsOf(principal, scopes)) };
      },
    };
  }

  /** The name and username, by which the person recognises their account. */
  async nameOf(sessionId: string): Promise<string> {
    const account = await this.find(sessionId);
    if (!account) throw openidError('openid.request_not_found');
    const { userId } = account.principal;
    const { name, preferred_username: username } = await this.profileOf(account.principal);
    const shown = [name, username === undefined ? undefined : `@${username}`].filter(
      (each) => each !== undefined,
    );
    return shown.length > 0 ? shown.join(', ') : `account ${userId}`;
  }

  /** The `sub` claim. For a third party's client, it is an id that no other client knows. */
  async subjectOf(context: KoaContextWithOIDC, sessionId: string, client: Client): Promise<string> {
    const known = context.oidc.account as SessionAccount | undefined;
    const account = known?.accountId === sessionId ? known : await this.find(sessionId);
    if (!account) throw new Error('the session or the consent has ended');
    const { userId } = account.principal;
    if (client['is_third_party'] !== true) return userId;
    const consent = await this.consents.find(userId, client.clientId);
    if (!consent) throw new Error('the session or the consent has ended');
    return consent.subject;
  }

  private get scopes() {
    return [...STANDARD, ...this.additions.declared.map(({ declaration }) => declaration)];
  }

  /** Reads only requested data. The library removes claims of scopes that were not granted. */
  private async claimsOf(caller: Principal, scopes: ReadonlySet<string>): Promise<Record<string, unknown>> {
    const application = await this.applications.getById(caller.applicationId);
    const { acr, amr } = proofClaimsOf(grantedTo(caller, application));
    const claims: Record<string, unknown> = { acr, amr };
    if (scopes.has('profile') || scopes.has('phone')) Object.assign(claims, await this.profileOf(caller));
    for (const { provider, declaration } of this.additions.declared)
      if (scopes.has(declaration.scope)) Object.assign(claims, await provider.claimsOf(caller));
    return claims;
  }

  private async profileOf(caller: Principal) {
    const { profile } = await this.accounts.describe(caller);
    const name = [profile.firstName, profile.lastName].filter((part) => part !== null).join(' ');
    return {
      name: name || undefined,
      preferred_username: profile.username ?? undefined,
      picture: profile.photoUrl ?? undefined,
      phone_number: profile.phoneNumber ?? undefined,
    };
  }
}
