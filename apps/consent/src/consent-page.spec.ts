import { createLogger } from '@countersign/runtime';
import { startConsentPage, type RunningConsentPage } from './consent-page';

describe('the consent page', () => {
  let page: RunningConsentPage;
  beforeAll(async () => {
    const logger = createLogger('silent');
    page = await startConsentPage({ socket: '/nowhere', host: '127.0.0.1', port: 0, logger });
  });
  afterAll(() => page.close());

  it.each([
    ['no JSON', '{', 400, 'malformed'],
    ['no launch', '{}', 400, 'malformed'],
    ['a body that is too large', ' '.repeat(1_048_576), 400, 'malformed'],
    ['a call while custody is away', '{"launch":"a"}', 503, 'away'],
  ])('answers %s', async (_, body, status, code) => {
    const answer = await fetch(`http://127.0.0.1:${page.port}/v1/own`, { method: 'POST', body });

    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status, code });
  });
});
