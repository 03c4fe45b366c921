import type { Response } from 'supertest';
import {
  aConfidentialApplication,
  basicOf,
  expectOAuthProblem,
  FORM_TYPE,
  INTROSPECT,
  postText,
  REVOKE,
} from '../support/oauth';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

describe('form bodies', () => {
  const app = useTestApp();
  const demo = useFixture(() => aConfidentialApplication(app));

  const post = (
    path: string,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Response> => postText(app, path, body, { authorization: basicOf(demo), ...headers });

  describe.each([INTROSPECT, REVOKE])('%s', (path) => {
    it.each([
      'token=x',
      'token=x&token_type_hint=',
      'token=x&token_type_hint=refresh_token',
      'token=x&token_type_hint=saml',
      'token=x&unknown=1&__proto__=1&constructor=2&toString=3',
    ])('reads %s', async (body) => {
      expect((await post(path, body)).status).toBe(200);
    });

    it.each([
      `${FORM_TYPE};charset=UTF-8`,
      'Application/X-WWW-Form-Urlencoded',
      `${FORM_TYPE}; charset="utf-8"`,
    ])('reads %s', async (type) => {
      expect((await post(path, 'token=x', { 'content-type': type })).status).toBe(200);
    });

    it.each<[string, string, Record<string, string>?]>([
      ['application/json', '{"token":"x"}'],
      [
        'multipart/form-data; boundary=b',
        '--b\r\ncontent-disposition: form-data; name="token"\r\n\r\nx\r\n--b--',
      ],
      ['text/plain', 'token=x'],
      [`${FORM_TYPE}; charset=latin1`, 'token=x'],
      [`${FORM_TYPE}; charset=utf-16`, 'token=x'],
      [`${FORM_TYPE}-v2`, 'token=x'],
      [FORM_TYPE, 'token=x', { 'content-encoding': 'gzip' }],
    ])('does not read %s', async (type, body, headers = {}) => {
      const answer = await post(path, body, { 'content-type': type, ...headers });

      expectOAuthProblem(answer, 415, 'request.unsupported_media_type', 'invalid_request');
    });

    it.each([
      ['token=a&token=b', 'token', 'duplicate'],
      ['token=a&token_type_hint=access_token&token_type_hint=access_token', 'token_type_hint', 'duplicate'],
      ['token=a%00b', 'token', 'control_character'],
      ['token=', 'token', 'string'],
      ['\ufefftoken=x', 'token', 'string'],
    ])('refuses %j', async (body, field, code) => {
      expectOAuthProblem(await post(path, body), 400, 'request.invalid', 'invalid_request', [
        { path: field, code },
      ]);
    });

    it('refuses a request without a body', async () => {
      const answer = await app.http.post(path).set('authorization', basicOf(demo));

      expectOAuthProblem(answer, 400, 'request.invalid', 'invalid_request', [
        { path: 'token', code: 'string' },
      ]);
    });

    it.each(['text/plain', 'application/json', 'garbage'])('judges no %s without content', async (type) => {
      for (const more of [{}, { 'transfer-encoding': 'chunked' }])
        expectOAuthProblem(
          await post(path, '', { 'content-type': type, ...more }),
          400,
          'request.invalid',
          'invalid_request',
          [{ path: 'token', code: 'string' }],
        );
    });

    it('refuses what is not form encoding', async () => {
      expectOAuthProblem(await post(path, 'token=%ff'), 400, 'request.malformed_form', 'invalid_request');
    });

    it.each([
      ['a client secret in the body', (secret: string) => [`token=x&client_secret=${secret}`, '']],
      ['an assertion in the body', () => ['token=x&client_assertion=x', '']],
      ['a token in the URL', () => ['token=x', '?token=x']],
      ['a token in the URL only', () => ['', '?token=x']],
      ['an application in the URL', () => ['token=x', '?client_id=x']],
      ['anything in the URL', () => ['token=x', '?x']],
    ])('refuses %s', async (_, make) => {
      const [body = '', query = ''] = make(demo.clientSecret);

      expectOAuthProblem(
        await post(`${path}${query}`, body),
        400,
        'request.misplaced_parameter',
        'invalid_request',
      );
      const answer = await postText(app, `${path}${query}`, body);
      // Introspection judges its caller first; a revocation needs no secret.
      if (path === INTROSPECT) expectOAuthProblem(answer, 401, 'client.unauthenticated', 'invalid_client');
      else expectOAuthProblem(answer, 400, 'request.misplaced_parameter', 'invalid_request');
    });

    it('repeats nothing that was sent', async () => {
      const secret = 'cs_at_k1_canary';
      const answers = [
        await post(path, `${secret}&${secret}`),
        await post(path, `token=${secret}%00`),
        await post(path, `token=${secret}%`),
        await post(`${path}?token=${secret}`, ''),
      ];

      for (const { status, text, headers } of answers) {
        expect(status).toBe(400);
        expect(text + JSON.stringify(headers)).not.toContain(secret);
      }
      expect(app.logLines.join('')).not.toContain(secret);
    });
  });
});
