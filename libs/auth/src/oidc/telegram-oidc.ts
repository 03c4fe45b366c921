import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { parseJwks, verifyIdToken, type IdTokenKeys, type VerifiedIdToken } from '@countersign/telegram';
import { readJsonMembers } from '@countersign/text';
import { idTokenError, oidcError } from '../auth.errors';
import { askProvider, type ProviderAnswer } from './ask-provider';
import { KeptDocument } from './kept-document';
import { readProviderEndpoints, type ProviderEndpoints } from './provider-endpoints';

/** What Telegram asks for before it gives a token. */
export interface Redemption {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
}

/**
 * "Log In With Telegram", as an OpenID provider.
 * @see https://core.telegram.org/bots/telegram-login
 */
@Injectable()
export class TelegramOidc {
  readonly issuer: string;
  private readonly ask: (url: string, request?: RequestInit) => Promise<ProviderAnswer>;
  private readonly endpoints: KeptDocument<ProviderEndpoints>;
  private readonly keys: KeptDocument<IdTokenKeys>;

  constructor(
    { telegramOidcIssuer, patience }: Configuration,
    private readonly clock: Clock,
  ) {
    this.issuer = telegramOidcIssuer;
    this.ask = (url, request) => askProvider(url, request, patience);
    this.endpoints = new KeptDocument(() => this.readEndpoints(), clock);
    this.keys = new KeptDocument(() => this.readKeys(), clock);
  }

  /** @throws AppError oidc.provider_unavailable, oidc.answer_malformed */
  async getAuthorizationEndpoint(): Promise<string> {
    return (await this.endpoints.get()).authorization;
  }

  /**
   * Redeems an authorization code (RFC 6749, section 4.1.3).
   * @returns the id token, not yet verified.
   * @throws AppError oidc.code_refused, oidc.client_refused, oidc.provider_unavailable, oidc.answer_malformed
   */
  async redeem({ clientId, clientSecret, code, redirectUri, codeVerifier }: Redemption): Promise<string> {
    const { token } = await this.endpoints.get();
    const { status, text } = await this.ask(token, {
      method: 'POST',
      headers: { accept: 'application/json', authorization: basic(clientId, clientSecret) },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        client_id: clientId,
        code_verifier: codeVerifier,
      }),
    });
    const answer = readJsonMembers(text);
    if (status !== 200) {
      const isClient = status === 401 || answer?.get('error')?.value === 'invalid_client';
      throw oidcError(isClient ? 'oidc.client_refused' : 'oidc.code_refused');
    }
    const idToken = answer?.get('id_token')?.value;
    if (typeof idToken !== 'string') throw oidcError('oidc.answer_malformed');
    return idToken;
  }

  /** @throws AppError with the code of the first rule that the token fails; oidc.provider_unavailable */
  async verify(idToken: string, clientId: string, nonce: string): Promise<VerifiedIdToken> {
    const policy = { issuer: this.issuer, clientId, nonce, now: this.clock.now() };
    const first = verifyIdToken(idToken, { ...policy, keys: await this.keys.get() });
    const isKeyUnknown = !first.ok && first.code === 'oidc.unknown_key';
    const verified = isKeyUnknown
      ? verifyIdToken(idToken, { ...policy, keys: await this.keys.getNewer() })
      : first;
    if (!verified.ok) throw idTokenError(verified.code);
    return verified.value;
  }

  private async readEndpoints(): Promise<ProviderEndpoints> {
    const answer = await this.ask(`${this.issuer}/.well-known/openid-configuration`);
    return readProviderEndpoints(textOf(answer), this.issuer);
  }

  private async readKeys(): Promise<IdTokenKeys> {
    const { jwks } = await this.endpoints.get();
    const members = readJsonMembers(textOf(await this.ask(jwks)));
    const keys = parseJwks({ keys: members?.get('keys')?.value });
    if (keys.size === 0) throw oidcError('oidc.answer_malformed');
    return keys;
  }
}

function textOf({ status, text }: ProviderAnswer): string {
  if (status !== 200) throw oidcError('oidc.answer_malformed');
  return text;
}

/** Both halves are encoded before they are joined (RFC 6749, section 2.3.1). */
function basic(clientId: string, clientSecret: string): string {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
