import type { Response } from 'supertest';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

const SIGN_IN = '/v1/auth/telegram/init-data';
const LIMIT = 64 * 1024;
const JSON_TYPE = 'application/json';

describe('request bodies', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  function post(
    path: string,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return app.http
      .post(path)
      .set({ 'content-type': JSON_TYPE, ...headers })
      .serialize((sent: unknown) => sent as string)
      .send(body);
  }

  describe('media types', () => {
    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/merge-patch+json',
      'garbage',
      'application/json;charset=latin1',
      'application/json; charset=utf-16',
    ])('refuses %s', async (type) => {
      const answer = await post(SIGN_IN, '{}', { 'content-type': type });

      expectProblem(answer, 415, 'request.unsupported_media_type');
    });

    it.each([
      'application/json',
      'APPLICATION/JSON',
      'application/json; charset="UTF-8"',
      'application/json; v=1; charset=utf8',
    ])('reads %s', async (type) => {
      const initData = app.initDataOf(demo);
      const answer = await post(SIGN_IN, JSON.stringify({ applicationId: demo.applicationId, initData }), {
        'content-type': type,
      });

      expect(answer.status).toBe(200);
    });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=latin1',
      'garbage',
    ])('judges no %s where there is no content', async (type) => {
      const headers = [{}, { 'transfer-encoding': 'chunked' }, { 'content-encoding': 'gzip' }];
      for (const more of headers) {
        const { accessToken } = await app.signIn(demo);
        const answer = await post('/v1/auth/logout', '', {
          authorization: `Bearer ${accessToken}`,
          'content-type': type,
          ...more,
        });

        expect(answer.status).toBe(204);
        for (const path of [SIGN_IN, '/v1/auth/refresh'])
          expectProblem(await post(path, '', { 'content-type': type, ...more }), 400, 'request.invalid', [
            { path: '', code: 'object' },
          ]);
      }
    });

    it.each(['gzip', 'br', 'gzip, identity'])('refuses the content encoding %s', async (encoding) => {
      const answer = await post(SIGN_IN, '{}', { 'content-encoding': encoding });

      expectProblem(answer, 415, 'request.unsupported_media_type');
    });
  });

  describe('sizes', () => {
    it('reads a body of 64 KiB and refuses one byte more', async () => {
      const largest = `"${'a'.repeat(LIMIT - 2)}"`;

      expectProblem(await post(SIGN_IN, largest), 400, 'request.invalid');
      expectProblem(await post(SIGN_IN, `${largest} `), 413, 'request.too_large');
    });

    it('names at most twenty fields, and each by at most 200 characters', async () => {
      const fields = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`f${index}`, 1]));
      const many = await post(SIGN_IN, JSON.stringify(fields));
      const long = await post(SIGN_IN, JSON.stringify({ ['a'.repeat(50_000)]: 1 }));

      expectProblem(many, 400, 'request.unknown_field');
      expect((many.body as { errors: unknown[] }).errors).toHaveLength(20);
      expectProblem(long, 400, 'request.unknown_field');
      expect(long.text.length).toBeLessThan(2_000);
    });
  });

  describe('JSON', () => {
    it('may begin with a byte order mark, on each listener', async () => {
      const [session, operator] = [await signInPerson(app, demo), await anOperator(app)];
      const initData = app.initDataOf(demo);
      const marked = (body: object): string => `\ufeff${JSON.stringify(body)}`;

      const signedIn = await post(SIGN_IN, marked({ applicationId: demo.applicationId, initData }));
      const patched = await app.http
        .patch('/v1/me/profile')
        .set('authorization', `Bearer ${session.accessToken}`)
        .set('content-type', 'application/merge-patch+json')
        .send(marked({ biography: 'Curious' }));
      const created = await app.admin
        .post('/v1/admin/applications')
        .set('authorization', `Bearer ${operator.accessToken}`)
        .set('content-type', JSON_TYPE)
        .send(marked({ name: 'Shop' }));

      expect([signedIn.status, patched.status, created.status]).toEqual([200, 200, 201]);
    });

    it('refuses what is not JSON', async () => {
      expectProblem(await post(SIGN_IN, '\ufeff\ufeff{}'), 400, 'request.malformed_json');
    });

    it('refuses an overlong form in UTF-8', async () => {
      const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]);

      expectProblem(await post(SIGN_IN, body), 400, 'request.malformed_utf8');
    });

    it.each(['', '[]', 'null', '"text"'])('refuses %j where an object is needed', async (body) => {
      for (const path of [SIGN_IN, '/v1/auth/refresh'])
        expectProblem(await post(path, body), 400, 'request.invalid', [{ path: '', code: 'object' }]);
    });

    it('refuses deeply nested arrays in a known field', async () => {
      const body = `{"initData":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
      expectProblem(await post(SIGN_IN, body), 400, 'request.invalid', [{ path: '', code: 'max_depth' }]);
    });
  });
});
