import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sha256 } from '@countersign/crypto';
import { OneTimeTokens, type OneTimeKind } from '@countersign/database';
import { oidcError } from './oidc.errors';

/** The person has this long at Telegram. */
export const OIDC_TRANSACTION_SECONDS = 600;

export interface OidcTransaction {
  readonly applicationId: string;
  readonly botId: string;
  readonly redirectUri: string;
  readonly clientState: string | null;
  readonly codeChallenge: string;
  /** The URL as it was sent to Telegram. */
  readonly callbackUrl: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  /** From the link that the person opened. Its author chose it. */
  readonly startParam: string | null;
  readonly isOwnPage: boolean;
}

/** `browserDigest` is the digest of the secret in the browser's cookie. */
const TRANSACTION: OneTimeKind<Omit<OidcTransaction, 'applicationId'> & { readonly browserDigest: string }> =
  { name: 'oidc-transaction', prefix: 'cs_os', lifetimeSeconds: OIDC_TRANSACTION_SECONDS };

@Injectable()
export class OidcTransactions {
  constructor(private readonly tokens: OneTimeTokens) {}

  /** @returns the state for Telegram, which takes 256 characters, and the secret for the browser */
  async begin({
    applicationId,
    ...transaction
  }: OidcTransaction): Promise<{ readonly state: string; readonly browserSecret: string }> {
    const browserSecret = randomText();
    const content = { ...transaction, browserDigest: digestOf(browserSecret) };
    const { token: state } = await this.tokens.issue(TRANSACTION, { applicationId, content });
    return { state, browserSecret };
  }

  /** Ends a transaction. A browser that did not begin it changes nothing. */
  async take(state: string, browserSecret: string | null): Promise<OidcTransaction> {
    const used = await this.tokens.use(TRANSACTION, state, ({ content, isUsed, isExpired }) => {
      if (isUsed || isExpired) throw oidcError('oidc.state_invalid');
      if (content.browserDigest !== digestOf(browserSecret ?? '')) throw oidcError('oidc.browser_mismatch');
    });
    if (!used) throw oidcError('oidc.state_invalid');
    const { browserDigest: _, ...transaction } = used.content;
    return { ...transaction, applicationId: used.applicationId };
  }
}

function digestOf(browserSecret: string): string {
  return sha256(browserSecret).toString('base64url');
}

/** 256 random bits in 43 characters. */
export function randomText(): string {
  return randomBytes(32).toString('base64url');
}
