import type { Response } from 'supertest';
import { expectProblem } from '../support/expect-problem';
import { useApplication, useTestApp } from '../support/use-test-app';

const SIGN_IN = '/v1/auth/telegram/init-data';
const JSON_TYPE = 'application/json';

describe('fields of a body', () => {
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
