import type { Response } from 'supertest';
import {
  aConfidentialApplication,
  expectOAuthProblem,
  introspect,
  type Confidential,
} from '../support/oauth';
import { TestApp } from '../support/test-app';

const REFUSALS = 60;

describe('introspection from behind a proxy', () => {
  let app: TestApp;
  let caller: Confidential;

  beforeAll(async () => {
    app = await TestApp.start({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });
    caller = await aConfidentialApplication(app);
  });

  afterAll(() => app.close());

  const ask = (clientSecret: string, address: string): Promise<Response> =>
    introspect(app, { ...caller, clientSecret }, 'junk', { 'x-forwarded-for': address });

  it('is refused to an address that guessed too often, also with the right secret', async () => {
    for (let guess = 0; guess < REFUSALS; guess += 1)
      expect((await ask('wrong', '203.0.113.7')).status).toBe(401);

    expectOAuthProblem(
      await ask(caller.clientSecret, '203.0.113.7'),
      429,
      'request.rate_limited',
      'temporarily_unavailable',
    );
    expect((await ask(caller.clientSecret, '203.0.113.8')).status).toBe(200);
  });
});
