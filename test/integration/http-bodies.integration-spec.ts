import { expectProblem } from '../support/expect-problem';
import { postText } from '../support/oauth';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

const SIGN_IN = '/v1/auth/telegram/init-data';
const LIMIT = 64 * 1024;
const JSON_TYPE = 'application/json';

describe('request bodies', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    postText(app, path, body, { 'content-type': JSON_TYPE, ...headers });

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

  describe('fields', () => {
    it('refuses thousands of items in a known field', async () => {
      const body = `{"initData":[${'0,'.repeat(30_000)}0]}`;
      expectProblem(await post(SIGN_IN, body), 400, 'request.invalid', [{ path: '', code: 'max_values' }]);
    });

    it.each(['x', '__proto__', 'constructor', 'toJSON', 'then'])(
      'refuses the unknown field %s beside known ones',
      async (name) => {
        const unknown = `${JSON.stringify(name)}:{"a":1}`;
        const initData = app.initDataOf(demo);
        const known = JSON.stringify({ applicationId: demo.applicationId, initData });

        const signIn = await post(SIGN_IN, `{${unknown},${known.slice(1)}`);
        const refresh = await post('/v1/auth/refresh', `{"refreshToken":"x",${unknown}}`);

        for (const answer of [signIn, refresh])
          expectProblem(answer, 400, 'request.unknown_field', [{ path: name, code: 'unknown_field' }]);
        expect(({} as Record<string, unknown>)['a']).toBeUndefined();
      },
    );

    it.each([
      ['a NUL byte', 'a\\u0000b', 'control_character'],
      ['a line break', 'two\\nlines', 'control_character'],
      ['DEL', 'a\\u007f', 'control_character'],
      ['C1', 'a\\u0085', 'control_character'],
      ['a lone high surrogate', 'a\\ud800', 'malformed_unicode'],
      ['a lone low surrogate', '\\udc00a', 'malformed_unicode'],
    ])('refuses %s in a string and in a key', async (_name, text, code) => {
      const body = `{"applicationId":"x","initData":"x","deviceName":"${text}"}`;

      expectProblem(await post(SIGN_IN, body), 400, 'request.invalid', [{ path: 'deviceName', code }]);
      expectProblem(await post(SIGN_IN, `{"${text}":1}`), 400, 'request.invalid', [{ path: '', code }]);
    });

    it.each([
      ['control characters', '{"x":"a\\u0000b"}'],
      ['lone surrogates', '{"x":{"y":"\\ud800"}}'],
      ['names that objects inherit', '{"x":{"__proto__":{"a":1}}}'],
      ['thousands of objects', `{"x":[${'{},'.repeat(20_000)}0]}`],
    ])('does not check what an unknown field holds: %s', async (_name, body) => {
      const beside = `{"initData":7,${body.slice(1)}`;

      for (const path of [SIGN_IN, '/v1/auth/refresh']) {
        const { errors } = (await post(path, body)).body as { errors: { path: string; code: string }[] };
        expect(errors).toContainEqual({ path: 'x', code: 'unknown_field', detail: 'is not known' });
        expect(errors.filter((error) => error.path.startsWith('x'))).toHaveLength(1);
      }
      expect((await post(SIGN_IN, beside)).body).toMatchObject({
        code: 'request.unknown_field',
        errors: expect.arrayContaining([
          expect.objectContaining({ path: 'initData', code: 'string' }),
        ]) as unknown,
      });
    });

    it('says of a number that text is meant', async () => {
      const body = { applicationId: demo.applicationId, initData: 'x', botId: 279058397 };
      const { errors } = (await app.postSignIn(body)).body as { errors: unknown[] };

      expect(errors).toEqual([
        { path: 'botId', code: 'matches', detail: 'must be a string: write the number in quotes' },
      ]);
    });

    it('never repeats a value', async () => {
      const answer = await app.postSignIn({ applicationId: 'canary-1', initData: 7, botId: 'canary-2' });

      expectProblem(answer, 400, 'request.invalid');
      expect(answer.text).not.toContain('canary');
    });
  });
});
