import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { formDecoded } from '@countersign/text';
import { jsonAnswer, type FakeOidcAnswer } from './fake-oidc-answer';
import type { FakeOidcClient, FakeOidcGrant } from './fake-oidc-authorize';

interface Credentials {
  readonly clientId: string;
  readonly secret: string;
}

/** Answers `POST /token` (RFC 6749, section 5). @param consumeCode returns the grant of a code once */
export function exchangeCode(
  { authorization, 'content-type': contentType = '' }: IncomingHttpHeaders,
  body: string,
  clients: ReadonlyMap<string, FakeOidcClient>,
  consumeCode: (code: string) => FakeOidcGrant | undefined,
  issueTokens: (client: FakeOidcClient, grant: FakeOidcGrant) => object,
): FakeOidcAnswer {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType);
  const form = new URLSearchParams(body);
  const isRepeated = new Set(form.keys()).size !== form.size;
  const hasBoth = authorization !== undefined && form.has('client_secret');
  if (!isForm || isRepeated || hasBoth) return refusal('invalid_request');

  const { clientId, secret } = basicCredentials(authorization) ?? formCredentials(form);
  const client = clients.get(clientId);
  const isOtherClient = form.has('client_id') && form.get('client_id') !== clientId;
  if (client?.clientSecret !== secret || isOtherClient) return refusal('invalid_client');

  if (form.get('grant_type') !== 'authorization_code') return refusal('unsupported_grant_type');
  const grant = consumeCode(form.get('code') ?? '');
  if (!grant || !isRedeemable(grant, client, form)) return refusal('invalid_grant');
  return jsonAnswer(200, issueTokens(client, grant));
}

function isRedeemable(grant: FakeOidcGrant, client: FakeOidcClient, form: URLSearchParams): boolean {
  const verifier = form.get('code_verifier') ?? '';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return (
    grant.clientId === client.clientId &&
    grant.redirectUri === form.get('redirect_uri') &&
    /^[A-Za-z0-9._~-]{43,128}$/.test(verifier) &&
    grant.codeChallenge === challenge
  );
}

/** Id and secret are form-encoded before they are joined (RFC 6749, section 2.3.1). */
function basicCredentials(authorization: string | undefined): Credentials | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const [clientId, secret] = [pair.slice(0, colon), pair.slice(colon + 1)].map(formDecoded);
  return { clientId: clientId ?? '', secret: secret ?? '' };
}

function formCredentials(form: URLSearchParams): Credentials {
  return { clientId: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
}

function refusal(error: string): FakeOidcAnswer {
  if (error !== 'invalid_client') return jsonAnswer(400, { error });
  return jsonAnswer(401, { error }, { 'www-authenticate': 'Basic realm="oauth"' });
}
