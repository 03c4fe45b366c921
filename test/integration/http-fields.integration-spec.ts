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

  it.each([
    'x',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'toJSON',
    'then',
    'length',
  ])('refuses the unknown field %s beside known ones', async (name) => {
    const unknown = `${JSON.stringify(name)}:{"a":1}`;
    const initData = app.initDataOf(demo);
    const known = JSON.stringify({ applicationId: demo.applicationId, initData });

    const signIn = await post(SIGN_IN, `{${unknown},${known.slice(1)}`);
    const refresh = await post('/v1/auth/refresh', `{"refreshToken":"x",${unknown}}`);

    for (const answer of [signIn, refresh])
      expectProblem(answer, 400, 'request.unknown_field', [{ path: name, code: 'unknown_field' }]);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

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

  it('stores text of any script', async () => {
    const deviceName = 'Телефон 📱 電話 Žluť';
    const { accessToken } = await app.signIn(demo, undefined, { deviceName });

    const answer = await app.http.get('/v1/me/sessions').set('authorization', `Bearer ${accessToken}`);

    expect(answer.body).toMatchObject({ items: [{ deviceName }] });
  });

  it.each([
    ['control characters', '{"x":"a\\u0000b"}'],
    ['lone surrogates', '{"x":{"y":"\\ud800"}}'],
    ['names that objects inherit', '{"x":{"__proto__":{"a":1}}}'],
    ['thousands of objects', `{"x":[${'{},'.repeat(20_000)}0]}`],
  ])('does not judge what an unknown field holds: %s', async (_name, body) => {
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

  it.each([
    ['control characters', '{"x":"a\\u0000b"}'],
    ['lone surrogates', '{"x":{"y":"\\ud800"}}'],
    ['names that objects inherit', '{"x":{"__proto__":{"a":1}}}'],
    ['thousands of objects', `{"x":[${'{},'.repeat(20_000)}0]}`],
  ])('does not judge what an unknown field within an object or a list holds: %s', async (_name, inner) => {
    const { accessToken } = await app.signIn(demo);
    const patch = (body: string) =>
      app.http
        .patch('/v1/me/profile')
        .set({ 'content-type': JSON_TYPE, authorization: `Bearer ${accessToken}` })
        .serialize((sent: unknown) => sent as string)
        .send(body);
    const link = `{"url":7,${inner.slice(1)}`;

    expectProblem(await patch(`{"visibility":${inner}}`), 400, 'request.unknown_field', [
      { path: 'visibility.x', code: 'unknown_field' },
    ]);
    expectProblem(await patch(`{"links":[${link}]}`), 400, 'request.unknown_field', [
      { path: 'links.0.x', code: 'unknown_field' },
      { path: 'links.0.url', code: 'string' },
    ]);
    // What is known is judged as before.
    expectProblem(await patch('{"links":[{"url":"a\\u0000b"}]}'), 400, 'request.invalid', [
      { path: 'links.0.url', code: 'control_character' },
    ]);
    expectProblem(await patch('{"visibility":{"a\\u0000b":1}}'), 400, 'request.invalid', [
      { path: 'visibility', code: 'control_character' },
    ]);
  });

  it('names twenty of thousands of unknown fields', async () => {
    const many = Object.fromEntries(Array.from({ length: 7_000 }, (_, index) => [index, 0]));
    const { body } = await post(SIGN_IN, JSON.stringify(many));

    expect(body).toMatchObject({ code: 'request.unknown_field' });
    expect((body as { errors: unknown[] }).errors).toHaveLength(20);
  });

  it('says of a number that text is meant', async () => {
    const body = { applicationId: demo.applicationId, initData: 'x', botId: 279058397 };
    const { errors } = (await app.postSignIn(body)).body as { errors: unknown[] };

    expect(errors).toEqual([
      { path: 'botId', code: 'matches', detail: 'must be a string: write the number in quotes' },
    ]);
  });

  it('names every field of a wrong type or length', async () => {
    const wrongTypes = { applicationId: 1, initData: {}, botId: [], deviceName: true };
    const tooLong = { applicationId: demo.applicationId, initData: 'x', deviceName: 'a'.repeat(101) };

    expectProblem(await app.postSignIn(wrongTypes), 400, 'request.invalid', [
      { path: 'initData', code: 'string' },
      { path: 'applicationId', code: 'uuid' },
      { path: 'deviceName', code: 'string' },
      { path: 'botId', code: 'matches' },
    ]);
    expectProblem(await app.postSignIn(tooLong), 400, 'request.invalid', [
      { path: 'deviceName', code: 'max_length' },
    ]);
  });

  it('takes null for no absent field', async () => {
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };

    for (const [field, code] of [
      ['botId', 'matches'],
      ['deviceName', 'string'],
    ])
      expectProblem(await app.postSignIn({ ...body, [field ?? '']: null }), 400, 'request.invalid', [
        { path: field ?? '', code: code ?? '' },
      ]);
    expect((await app.postSignIn(body)).status).toBe(200);
  });

  it('never repeats a value', async () => {
    const answer = await app.postSignIn({ applicationId: 'canary-1', initData: 7, botId: 'canary-2' });

    expectProblem(answer, 400, 'request.invalid');
    expect(answer.text).not.toContain('canary');
  });
});
