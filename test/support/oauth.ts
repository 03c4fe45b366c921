import type { Response } from 'supertest';
import { ClientSecrets } from '@countersign/applications';
import type { DeviceKey } from '@countersign/proofs/testing';
import { aPerson, type SignInBody } from '../factories';
import type { ApplicationOptions, Demo, TestApp } from './test-app';

/** As `PUBLIC_URL`: nobody listens there, clients are led to the application. */
export const ISSUER = 'https://id.example.com';
export const INTROSPECT = '/v1/oauth/introspect';
export const REVOKE = '/v1/oauth/revoke';
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** An application whose servers can authenticate themselves. */
export interface Confidential extends Demo {
  readonly clientSecret: string;
}

export async function aConfidentialApplication(
  app: TestApp,
  wanted: ApplicationOptions = {},
): Promise<Confidential> {
  const demo = await app.createApplication(wanted);
  const { clientSecret } = await app.nest.get(ClientSecrets).add(demo.applicationId, 'of the test');
  return { ...demo, clientSecret };
}

export function basicOf({
  applicationId,
  clientSecret,
}: Pick<Confidential, 'applicationId' | 'clientSecret'>): string {
  return `Basic ${Buffer.from(`${applicationId}:${clientSecret}`).toString('base64')}`;
}

/** Posts a body as it is, by default as a form. */
export async function postText(
  app: TestApp,
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Response> {
  return app.http
    .post(path)
    .set({ 'content-type': FORM_TYPE, ...headers })
    .serialize((sent: unknown) => sent as string)
    .send(body);
}

export async function introspect(
  app: TestApp,
  caller: Confidential,
  token: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const form = new URLSearchParams({ token }).toString();
  return postText(app, INTROSPECT, form, { authorization: basicOf(caller), ...headers });
}

/** @param caller without one, whoever holds the token. */
export async function revoke(
  app: TestApp,
  caller: Confidential | null,
  token: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const form = new URLSearchParams({ token }).toString();
  const authorization: Record<string, string> = caller ? { authorization: basicOf(caller) } : {};
  return postText(app, REVOKE, form, { ...authorization, ...headers });
}

/** Signs a person in with a session that is bound to the key. */
export async function signInBound(app: TestApp, demo: Demo, key: DeviceKey): Promise<SignInBody> {
  const { applicationId } = demo;
  const answer = await app
    .postSignIn({ applicationId, initData: app.initDataOf(demo, aPerson()) })
    .set('dpop', await proofFor(app, key, '/v1/auth/telegram/init-data'));
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}`);
  return answer.body as SignInBody;
}

/** For a POST to the path, now. */
export function proofFor(app: TestApp, key: DeviceKey, path: string): Promise<string> {
  return key.prove({ method: 'POST', uri: `${ISSUER}${path}`, at: app.clock.now() });
}

/** `fetch` that finds the application behind its public URL. */
export function fetchFrom(app: TestApp) {
  return (url: string, options: object): Promise<globalThis.Response> => {
    if (!url.startsWith(`${ISSUER}/`)) throw new Error(`a client asked ${url}`);
    return fetch(url.replace(ISSUER, `http://127.0.0.1:${app.port}`), options);
  };
}

/** Asserts problem details that OAuth clients can read: RFC 9457 and RFC 6749 section 5.2 in one. */
export function expectOAuthProblem(
  answer: Response,
  status: number,
  code: string,
  error: string,
  fields?: readonly { readonly path: string; readonly code: string }[],
): void {
  expect({ status: answer.status, body: answer.body as unknown }).toEqual({
    status,
    body: expect.objectContaining({ status, code, error, type: `urn:countersign:error:${code}` }) as unknown,
  });
  const body = answer.body as { error_description: string; requestId: string; errors?: unknown };
  // RFC 6749 appendix A.8.
  expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(body.requestId).toBe(answer.headers['x-request-id']);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  if (fields) expect(body.errors).toEqual(fields.map((field) => expect.objectContaining(field) as unknown));
}
