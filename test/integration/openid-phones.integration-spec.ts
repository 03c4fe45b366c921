import * as client from 'openid-client';
import { aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import {
  acceptedBy,
  authorizing,
  Browser,
  continuedDevice,
  createClient,
  goOn,
  ISSUER,
  launchedBy,
  openPage,
  relyingParty,
  tokensOf,
  type Begun,
} from '../support/openid';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import type { Relaunched } from '../support/relaunch';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('phones that answer a browser', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const demo = useApplication(app);

  async function begin(more: Readonly<Record<string, string>> = {}, browser = new Browser(app)) {
    const party = await relyingParty(app, await createClient(app, demo));
    const asked = await authorizing(party, more);
    return { party, asked, begun: await openPage(browser, asked.url) };
  }

  function accept(phone: Relaunched, { code }: Begun, number: number) {
    return phone.post(`/v1/openid/requests/${code}/accept`, { number });
  }

  function refuse(phone: Relaunched, { code }: Begun) {
    return phone.post(`/v1/openid/requests/${code}/refuse`);
  }

  function state({ browser, pageUrl }: Begun) {
    return browser.get(`${pageUrl}/state`);
  }

  const wrongFor = ({ number }: Begun): number => (number === 100_000 ? 100_001 : number - 1);

  it('can be of several people, who each answer by their own latest launch', async () => {
    const { party, asked, begun } = await begin();
    const ada = aPerson();
    const earlier = await launchedBy(app, demo, ada, begun);
    const latest = await launchedBy(app, demo, ada, begun);
    const stranger = await launchedBy(app, demo, aPerson(), begun);
    const { number } = begun;

    expectProblem(await accept(earlier, begun, number), 403, 'openid.launch_required');
    expectProblem(await accept(stranger, begun, wrongFor(begun)), 403, 'openid.number_wrong');
    expect((await accept(latest, begun, number)).status).toBe(204);

    const { url } = await goOn(begun);
    expect((await tokensOf(party, asked, new URL(url))).claims()?.sub).toBe(latest.userId);
  });

  it('answer only for their own application: a launch of another one changes nothing', async () => {
    const { begun } = await begin();
    const phone = await launchedBy(app, demo, aPerson(), begun);
    const other = await app.createApplication();
    const foreign = await launchedBy(app, other, aPerson(), begun);

    expect(foreign.loginAnswer).toBeFalsy();
    expectProblem(await accept(foreign, begun, begun.number), 404, 'openid.request_not_found');
    expectProblem(await refuse(foreign, begun), 404, 'openid.request_not_found');
    expect((await accept(phone, begun, begun.number)).status).toBe(204);
  });

  it('lose their launch by three wrong numbers, and the request stays for others and for a new launch', async () => {
    const { begun } = await begin();
    const person = aPerson();
    const phone = await launchedBy(app, demo, person, begun);
    const other = await launchedBy(app, demo, aPerson(), begun);

    const raced = await Promise.all(times(10, () => accept(phone, begun, wrongFor(begun))));

    const codes = raced.map(({ body }) => (body as { code: string }).code).toSorted();
    expect(codes).toEqual([
      ...times(7, () => 'openid.launch_required'),
      ...times(3, () => 'openid.number_wrong'),
    ]);
    expectProblem(await accept(phone, begun, begun.number), 403, 'openid.launch_required');
    expect((await state(begun)).body).toEqual({ isOver: false, isRefused: false });
    expectProblem(await accept(other, begun, wrongFor(begun)), 403, 'openid.number_wrong');
    const again = await launchedBy(app, demo, person, begun);
    expect((await accept(again, begun, begun.number)).status).toBe(204);
  });

  it('have nine wrong numbers for each request, also by new launches and ended sessions', async () => {
    const { begun } = await begin();
    const person = aPerson();
    const stranger = await launchedBy(app, demo, aPerson(), begun);
    for (let wrong = 0; wrong < 9; wrong += 3) {
      const phone = await launchedBy(app, demo, person, begun);
      for (const number of times(3, () => wrongFor(begun)))
        expectProblem(await accept(phone, begun, number), 403, 'openid.number_wrong');
      expect((await phone.post('/v1/auth/logout')).status).toBe(204);
    }

    const last = await launchedBy(app, demo, person, begun);

    expect(last.loginAnswer).toBeFalsy();
    expectProblem(await accept(last, begun, begun.number), 403, 'openid.launch_required');
    expect((await accept(stranger, begun, begun.number)).status).toBe(204);
  });

  it('type a number of six digits, so that many people cannot guess it', async () => {
    const numbers = await Promise.all(times(5, async () => (await begin()).begun.number));

    for (const number of numbers) expect(String(number)).toMatch(/^[1-9]\d{5}$/);
    expect(new Set(numbers).size).toBeGreaterThan(1);
  });

  it('refuse for themselves: the browser says so at once, and others can still accept', async () => {
    const { party, asked, begun } = await begin();
    const person = aPerson();
    const phone = await launchedBy(app, demo, person, begun);
    const stranger = await launchedBy(app, demo, aPerson(), begun);
    const bystander = await signInPerson(app, demo);
    const path = `/v1/openid/requests/${begun.code}/refuse`;
    expectProblem(await bystander.post(path), 403, 'openid.launch_required');
    expect((await state(begun)).body).toEqual({ isOver: false, isRefused: false });

    expect((await refuse(stranger, begun)).status).toBe(204);

    expect((await state(begun)).body).toEqual({ isOver: false, isRefused: true });
    const reloaded = await begun.browser.get(begun.pageUrl);
    expect(reloaded.text).toContain('The sign-in was refused on a phone.');
    expect(reloaded.text).toContain(`class="number">${begun.number}<`);
    expectProblem(await refuse(stranger, begun), 403, 'openid.launch_required');
    expectProblem(await accept(stranger, begun, begun.number), 403, 'openid.launch_required');
    expect((await accept(phone, begun, begun.number)).status).toBe(204);
    expectProblem(await refuse(phone, begun), 404, 'openid.request_not_found');
    const { url } = await goOn(begun);
    expect((await tokensOf(party, asked, new URL(url))).claims()?.sub).toBe(phone.userId);
  });

  it('show the browser whose account is signed in, before it goes on', async () => {
    const { begun } = await begin();
    const person = aPerson({ first_name: 'Eve <b>', username: 'eve_of_demo' });
    const phone = await launchedBy(app, demo, person, begun);
    expect((await accept(phone, begun, begun.number)).status).toBe(204);

    const shown = await begun.browser.get(`${begun.pageUrl}/continue`);

    expect(shown.status).toBe(200);
    expect(shown.text).toContain('@eve_of_demo');
    expect(shown.text).toContain('Eve &lt;b>');
    expect(shown.text).toContain('<strong>shop.example.com</strong>');
    expect(shown.text).toContain('>This is not me</button>');
    // Also after a reload of the first page, for a browser without scripts.
    expect((await begun.browser.get(begun.pageUrl)).headers['location']).toMatch(/\/continue$/);
    // Another page cannot press the buttons.
    for (const form of [{ agree: 'yes' }, { other: 'yes' }, { token: 'guessed', agree: 'yes' }])
      expect((await begun.browser.post(`${begun.pageUrl}/continue`, form)).status).toBe(404);
  });

  it('are followed by "This is not me", which ends the new session and asks again', async () => {
    const { party, asked, begun } = await begin();
    const eve = await launchedBy(app, demo, aPerson(), begun);
    expect((await accept(eve, begun, begun.number)).status).toBe(204);

    const { answer } = await goOn(begun, 'other');

    expect(JSON.stringify((await eve.get('/v1/me/sessions')).body)).not.toContain('Firefox on Linux');
    expect(answer.text).toContain('Sign in to Shop');
    const again = await openPage(begun.browser, begun.pageUrl);
    expect([again.code, again.number]).not.toEqual([begun.code, begun.number]);
    expectProblem(await accept(eve, begun, begun.number), 404, 'openid.request_not_found');
    const ada = aPerson();
    const back = await acceptedBy(app, demo, ada, again);
    const own = await signInPerson(app, demo, ada);
    expect((await tokensOf(party, asked, back)).claims()?.sub).toBe(own.userId);
  });

  it('are followed by "This is not me" also in a browser that had a session of that account', async () => {
    const first = await begin();
    const eve = aPerson();
    const { browser } = first.begun;
    await tokensOf(first.party, first.asked, await acceptedBy(app, demo, eve, first.begun));
    const { party, asked, begun } = await begin({ prompt: 'login' }, browser);
    const phone = await launchedBy(app, demo, eve, begun);
    expect((await accept(phone, begun, begun.number)).status).toBe(204);

    await goOn(begun, 'other');

    expect(JSON.stringify((await phone.get('/v1/me/sessions')).body)).not.toContain('Firefox on Linux');
    const ada = aPerson();
    const back = await acceptedBy(app, demo, ada, await openPage(browser, begun.pageUrl));
    const own = await signInPerson(app, demo, ada);
    expect((await tokensOf(party, asked, back)).claims()?.sub).toBe(own.userId);
  });

  describe('for a device', () => {
    async function beginDevice(userAgent: string) {
      const created = await createClient(app, demo, { name: 'Television', isPublic: true, redirectUrls: [] });
      const asking = await app.http
        .post('/oidc/device/auth')
        .set('user-agent', userAgent)
        .type('form')
        .send({ client_id: created.clientId, scope: 'openid' });
      const { verification_uri_complete: uri } = asking.body as { verification_uri_complete: string };
      const browser = new Browser(app);
      const begun = await openPage(browser, await continuedDevice(browser, uri));
      return { ...begun, clientId: created.clientId };
    }

    it('get the description of the device, and that of the browser which shows the page', async () => {
      const begun = await beginDevice('curl/8.5.0 (of an attacker)');
      const phone = await launchedBy(app, demo, aPerson(), begun);

      const { body } = await phone.get(`/v1/openid/requests/${begun.code}`);

      expect(body).toMatchObject({
        clientName: 'Television',
        device: { browser: 'curl/8.5.0', address: expect.stringMatching(/127\.0\.0\.1$/) as string },
        browser: 'Firefox on Linux',
        address: expect.stringMatching(/127\.0\.0\.1$/) as string,
      });
      expect(begun.page).toContain('<h1>Sign in a device to <bdi>Television</bdi></h1>');
      expect(begun.page).toContain('The device is <bdi>curl/8.5.0');
    });

    it.each([
      ['Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/143.0 Safari/537.36', 'Chrome on Android'],
      ['<script>alert(1)</script>', 'A browser'],
    ])('name the device %s in plain words', async (userAgent, browser) => {
      const begun = await beginDevice(userAgent);
      const phone = await launchedBy(app, demo, aPerson(), begun);

      const { body } = await phone.get(`/v1/openid/requests/${begun.code}`);

      expect(body).toMatchObject({ device: { browser } });
      expect(begun.page).not.toContain('alert(1)');
    });

    it('show whose account the device gets', async () => {
      const begun = await beginDevice('curl/8.5.0');
      const phone = await launchedBy(app, demo, aPerson({ username: 'ada_of_demo' }), begun);
      expect((await accept(phone, begun, begun.number)).status).toBe(204);

      const shown = await begun.browser.get(`${begun.pageUrl}/continue`);

      expect(shown.text).toContain('@ada_of_demo');
      expect(shown.text).toContain('The device will be signed in with this account.');
      const { answer } = await goOn(begun);
      expect(answer.text).toContain('The device is signed in');
    });

    it('show a client again that has changed since the person opened the page', async () => {
      const begun = await beginDevice('curl/8.5.0');
      const operator = await anOperator(app);
      const path = `/v1/admin/applications/${demo.applicationId}/openid-clients/${begun.clientId}`;
      expect((await operator.patch(path, { name: 'Radio' })).status).toBe(200);
      const phone = await launchedBy(app, demo, aPerson(), begun);
      expect((await accept(phone, begun, begun.number)).status).toBe(204);

      const { answer } = await goOn(begun);

      expect(answer.text).toContain('<h1>Continue to <bdi>Radio</bdi>?</h1>');
      expect(answer.text).toContain('The device will be signed in with this account.');
      const [, token = ''] = /name="token" value="([^"]+)"/.exec(answer.text) ?? [];
      const [, action = ''] = /action="([^"]+)"/.exec(answer.text) ?? [];
      const pressed = await begun.browser.post(action, { token });
      const last = await begun.browser.follow(pressed.headers['location'] ?? '');
      expect(last.answer.text).toContain('The device is signed in');
    });
  });

  it('get no device for a browser', async () => {
    const { begun } = await begin();
    const phone = await launchedBy(app, demo, aPerson(), begun);

    expect((await phone.get(`/v1/openid/requests/${begun.code}`)).body).toMatchObject({ device: null });
    expect(begun.page).toContain('<h1>Sign in to <bdi>Shop</bdi></h1>');
  });

  it('cannot help a client that polls with a device code of a person who pressed "This is not me"', async () => {
    const created = await createClient(app, demo, { isPublic: true, redirectUrls: [] });
    const party = await relyingParty(app, created);
    const device = await client.initiateDeviceAuthorization(party, { scope: 'openid' });
    const browser = new Browser(app);
    const begun = await openPage(
      browser,
      await continuedDevice(browser, device.verification_uri_complete ?? ''),
    );
    const eve = await launchedBy(app, demo, aPerson(), begun);
    expect((await accept(eve, begun, begun.number)).status).toBe(204);

    await goOn(begun, 'other');

    const grant = { device_code: device.device_code };
    await expect(
      client.genericGrantRequest(party, 'urn:ietf:params:oauth:grant-type:device_code', grant),
    ).rejects.toMatchObject({ error: 'authorization_pending' });
  });
});
