import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { IDToken } from 'oauth4webapi';
import {
  scopesInUse,
  type IssuedToken,
  notSignedOutCookie,
  PrincipalSessions,
  type ProviderPerson,
  readCookie,
  readSignedOut,
  sessionCookie,
} from '@countersign/admin';
import { Configuration, Logger } from '@countersign/runtime';
import { KeyRing, mintToken, readToken } from '@countersign/crypto';
import { toAppError } from '@countersign/http';
import { CompanyProvider, reasonOf } from './company-provider';
import { consoleError } from './console.errors';

/** Ignores other values: providers put the roles of all services into one claim. @param path from the outside in */
export function scopesOfClaims(claims: object, path: readonly string[]): readonly string[] {
  const named = new Set(textsOf(path.reduce<unknown>(memberOf, claims)));
  return scopesInUse.names.filter((scope) => named.has(scope));
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function textsOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.split(' ');
  if (Array.isArray(value)) return value;
  // In a map from role to boolean, `false` means that the person lacks the role.
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.flatMap(([name, holds]) => (holds === false || holds === null ? [] : [name]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const PREFIX = 'cs_cn';
const SECRET_BYTES = 32;
/** The time that a person has at the provider, in seconds. */
const SIGN_IN_SECONDS = 600;
const COOKIE = '__Host-console-sign-in';
/** Lax, because the browser returns from another site. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';
const NO_COOKIE = `${COOKIE}=; Max-Age=0; ${ATTRIBUTES}`;

export interface Redirect {
  readonly location: string;
  readonly cookies: readonly string[];
}

/** Signs people in at the company's provider. Only the browser has the secret that binds the redirect to its start. */
@Injectable()
export class ConsoleSignIn {
  constructor(
    private readonly provider: CompanyProvider,
    private readonly sessions: PrincipalSessions,
    private readonly configuration: Configuration,
    private readonly keyRing: KeyRing,
    private readonly logger: Logger,
  ) {}

  /** After a sign-out in this browser, the provider must ask for a sign-in, even if it still has a session. */
  async start(cookies: string | undefined): Promise<Redirect> {
    const secret = mintToken(this.keyRing, PREFIX, randomBytes(SECRET_BYTES));
    try {
      const location = await this.provider.authorizationUrl(secret, readSignedOut(cookies) !== null);
      return { location, cookies: [`${COOKIE}=${secret}; Max-Age=${SIGN_IN_SECONDS}; ${ATTRIBUTES}`] };
    } catch (error) {
      return this.giveUp(error);
    }
  }

  /** Redirects to the console, which is signed in or shows the code of the error. */
  async finish(query: string, cookies: string | undefined): Promise<Redirect> {
    try {
      const secret = readCookie(cookies, COOKIE);
      if (secret === null || !readToken(this.keyRing, PREFIX, SECRET_BYTES, secret))
        throw consoleError('console.sign_in_failed');
      const claims = await this.provider.claimsOf(new URLSearchParams(query), secret, readSignedOut(cookies));
      const token = await this.sessions.beginOfProvider(this.personOf(claims));
      return {
        location: '/console',
        cookies: [sessionCookie(token), NO_COOKIE, notSignedOutCookie()],
      };
    } catch (error) {
      return this.giveUp(error);
    }
  }

  async issue(idToken: string): Promise<IssuedToken> {
    const claims = await this.provider.claimsOfDevice(idToken);
    const signed = idToken.slice(0, idToken.lastIndexOf('.'));
    return this.sessions.issueOfProvider(this.personOf(claims), signed, new Date(claims.exp * 1_000));
  }

  private personOf(claims: IDToken): ProviderPerson {
    const { consoleScopesClaim: path, issuer } = this.configuration;
    // The owner of a bot's token could sign in here as any person of this bot.
    if (claims.iss === issuer && claims['acr'] !== 'platform') throw consoleError('console.sign_in_failed');
    return {
      issuer: claims.iss,
      subject: claims.sub,
      name: nameOf(claims),
      scopes: path && scopesOfClaims(claims, path),
    };
  }

  /** Does not end the current session, since any site can send a browser here. Internal errors are rethrown. */
  private giveUp(thrown: unknown): Redirect {
    const error = toAppError(thrown);
    if (error.kind === 'internal') throw thrown;
    const { cause } = error.options;
    if (cause !== undefined)
      this.logger.warn(
        { code: error.code, reason: reasonOf(cause), err: cause },
        'a sign-in to the console was given up',
      );
    return { location: `/console?refused=${error.code}`, cookies: [NO_COOKIE] };
  }
}

function nameOf({ preferred_username: username, email, sub }: IDToken): string {
  return [username, email].find((name): name is string => typeof name === 'string' && name !== '') ?? sub;
}
