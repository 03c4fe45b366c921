import type { Browser } from 'playwright-core';
import { Logouts } from '@countersign/openid';
import { aPerson } from '../factories';
import { useIssuer } from '../support/issuer';
import { createClient } from '../support/openid';
import { signInPerson } from '../support/person-session';
import { relaunch } from '../support/relaunch';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication } from '../support/use-test-app';
import { ALLOW_RECEIVERS } from '../support/webhooks';
import { startApache, type RelyingParty } from './support/apache';
import { expectFit } from './support/axe';
import { launchBrowser } from './support/browser';
import { freePort } from './support/program';

describe('mod_auth_openidc of Apache, unmodified', () => {
  const ports = useFixture(async () => ({ apache: await freePort() }));
  const issuer = useIssuer(() => ALLOW_RECEIVERS);
  const { app } = issuer;
  const demo = useApplication(app);
  let apache: RelyingParty;
  let chromium: Browser;

  beforeAll(async () => {
    const url = `http://127.0.0.1:${ports.apache}`;
    const { clientId, clientSecret } = await createClient(app, demo, {
      name: 'Wiki',
      redirectUrls: [`${url}/private/callback`],
      afterLogoutUrls: [`${url}/bye`],
      logoutUrl: `${url}/private/callback?logout=backchannel`,
    });
    const of = { issuer: issuer.url, clientId, clientSecret: clientSecret ?? '' };
    apache = await startApache({ port: ports.apache, ...of });
    app.nest.get(Logouts).start();
    chromium = await launchBrowser();
  });

  afterAll(async () => {
    await chromium.close();
    await apache.stop();
  });

  it('signs a person in by their phone, and closes the page when their session ends', async () => {
    const context = await chromium.newContext();
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    const person = aPerson();
    await page.goto(`${apache.url}/private/`);
    await page.getByRole('heading', { name: 'Sign in to Wiki' }).waitFor();
    await expectFit(page);
    const link = (await page.getByRole('link', { name: 'Open Telegram' }).getAttribute('href')) ?? '';
    const code = link.split('startapp=o_').at(-1) ?? '';
    const number = Number(await page.locator('.number').textContent());
    const phone = await relaunch(app, demo, person, `o_${code}`);
    expect((await phone.post(`/v1/openid/requests/${code}/accept`, { number })).status).toBe(204);

    await page.getByRole('heading', { name: 'Private' }).waitFor();
    expect(errors).toEqual([]);

    const own = await signInPerson(app, demo, person);
    expect((await own.delete('/v1/me/sessions')).status).toBe(204);
    await until(async () => {
      const answer = await context.request.get(`${apache.url}/private/`, { maxRedirects: 0 });
      return answer.status() === 302;
    });
    await page.goto(`${apache.url}/private/`);
    await page.getByRole('heading', { name: 'Sign in to Wiki' }).waitFor();
    await context.close();
  });
});
