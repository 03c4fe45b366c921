import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { aPerson, type SignInBody } from '../factories';
import { until } from '../support/until';
import { expectFit, expectNoBarrier } from './support/axe';
import { useConsolePage, useConsoleService } from './support/console-service';

/** Runs where a page makes markup of it. */
const MARKUP = '<img/src=x/onerror=alert(1)>';
const MAX_FIRST_LOAD_BYTES = 200 * 1024;
const ALL_PAGES = [
  [],
  ['people'],
  ['audit'],
  ['applications'],
  ['bots'],
  ['webhooks'],
  ['boards'],
  ['listings'],
  ['principals'],
  ['wallets'],
  ['service'],
];

describe('the console', () => {
  const service = useConsoleService();
  const console = useConsolePage(service);
  /** Hostile names wherever a person or an operator sets one. */
  const hostilePerson = async (): Promise<SignInBody & { readonly telegramId: string }> => {
    const person = aPerson({ first_name: MARKUP, last_name: MARKUP });
    return { ...(await service.signIn(person)), telegramId: String(person.id) };
  };

  it('answers a support call in four clicks: find the person, end a session, deactivate', async () => {
    const { telegramId } = await hostilePerson();
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    await page.getByLabel('@username').fill(telegramId);
    await console.press('Find');
    await page.getByRole('heading', { level: 1, name: /^Account ….* \(Telegram\)$/ }).waitFor();
    expect(await console.text()).toContain('active');

    await page.getByRole('button', { name: 'End', exact: true }).click();
    expect(await page.getByRole('dialog').innerText()).toContain(
      'The proof that opened this session cannot open another session.',
    );
    expect(await console.confirm('End')).toMatch(
      /^End: Done\. Recorded in the audit trail under request \S+$/,
    );
    await console.shows('Ended by an operator or a service');
    expect(await console.text()).toContain('Telegram Mini App');

    await console.press('Deactivate');
    expect(await page.getByRole('dialog').innerText()).toContain('ends its sessions');
    await page.getByRole('dialog').getByText('Sessions that end').waitFor();
    const notice = await console.confirm('Deactivate');
    await console.shows('deactivated');
    // The menu has closed, and has the focus.
    expect(await page.locator('details.menu[open]').count()).toBe(0);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('More');
    await console.press('Activate');
    await console.confirm('Activate');
    const trail = (await service.countersign.run('audit list --limit 100 --json')).output.trim().split('\n');
    const ofRequest = trail.filter((line) => line.includes(notice.split(' ').at(-1) ?? ''));
    expect(ofRequest).toEqual([expect.stringContaining('user.status_changed')]);
    // The act alone is recorded.
    expect(trail.filter((line) => line.includes('"audit.read"') && !line.includes('"filters":""'))).toEqual(
      [],
    );
  });

  it('opens with what happened by day, why calls were refused, and what is ill', async () => {
    const { telegramId } = await hostilePerson();
    const junk = { refreshToken: 'junk' };
    await service.call('POST', '/v1/auth/refresh', junk).catch(() => undefined);
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    const refused = page.getByRole('button', { name: /^Refusals, today: / });
    // Replicas write what they count every ten seconds.
    await until(async () => {
      await page.reload();
      await console.settled();
      return (await refused.count()) > 0;
    });
    expect(await page.getByRole('region', { name: 'New people' }).innerText()).toMatch(/^New people\s+[1-9]/);
    await refused.click();
    await console.shows('session.token_invalid');
    expect(await console.text()).toContain('the log has one line with that ID');
    const answer = page.getByRole('region', { name: /^Refusals, today/ });
    expect(await answer.evaluate('document.activeElement.textContent')).toContain('session.token_invalid');
    const { y = -1, height = 0 } = (await answer.boundingBox()) ?? {};
    expect([y >= 0, y + height <= (page.viewportSize()?.height ?? 0)]).toEqual([true, true]);
    const heights = `[...document.querySelectorAll('.bars li')].map((bar) => bar.querySelector('span').clientHeight)`;
    const bars = await page.evaluate<number[]>(heights);
    expect([bars.length, Math.min(...bars) > 0]).toEqual([120, true]);

    await page.getByLabel('@username').fill('@ada');
    await console.press('Find');
    await console.press('Find people by username');
    await console.confirm('Find people by username');
    await console.press('Find');
    await console.shows('No account found.');
    await page.getByLabel('@username').fill(telegramId);
    expect(await console.text()).toContain('Telegram ID or OpenWeb3 ID');

    const checks = [
      { name: 'database', ok: true, detail: 'ok' },
      { name: 'keys', ok: false, detail: 'do not belong to this database' },
    ];
    await page.route('**/health/ready', (route) =>
      route.fulfill({ status: 503, json: { status: 'unavailable', checks } }),
    );
    await console.press('Check again');
    await console.shows('do not belong to this database');
    expect(await page.locator('.lights li').allInnerTexts()).toEqual([
      expect.stringMatching(/Keys/) as string,
      expect.stringMatching(/Database/) as string,
    ]);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('shows what the scopes allow, and nothing else', async () => {
    const { userId } = await hostilePerson();
    await console.signIn(await service.principal('--scope users:read --scope sessions:read'));
    const { page } = console;
    expect(await page.getByRole('navigation').first().innerText()).toMatch(/^Home\s+People$/);
    expect(await page.getByLabel('@username').count()).toBe(0);
    await console.goToPerson({ userId });
    await console.settled();

    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Sessions']);
    const buttons = await page.getByRole('button').allInnerTexts();
    expect(buttons.filter((name) => !/^(?:Sign out)?$/.test(name))).toEqual([]);
  });

  it('says before an act how many sessions end, and when an account is erased', async () => {
    const { userId, telegramId } = await hostilePerson();
    await service.signIn(aPerson({ id: Number(telegramId) }));
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    await console.goToPerson({ userId });
    const dialog = page.getByRole('dialog');

    await console.press('End all sessions');
    await dialog.getByText('Sessions that end').waitFor();
    expect(await dialog.getByRole('status').innerText()).toMatch(/^Sessions that end\s+2$/);
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await console.press('Erase');
    await dialog.getByText('Erased on').waitFor();
    const erased = await dialog.getByRole('status').innerText();
    expect(erased).toMatch(/^Erased on\s+\w+ \d+, \d{4}/);
    expect(erased).toContain('Sessions: 2, ');
  });

  it('folds the filters of a list on a phone, and opens them by a button', async () => {
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    const wide = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 844 });
    await console.go('audit');
    await page.getByRole('table').waitFor();
    const field = page.getByLabel('What', { exact: true });
    expect(await field.isVisible()).toBe(false);
    expect((await page.getByRole('table').boundingBox())?.y).toBeLessThan(422);

    await console.press('Filter');
    await field.selectOption({ label: 'A principal signed in' });
    await console.press('Apply filter');
    await page.getByRole('button', { name: 'Filter (1)' }).waitFor();
    expect(await field.isVisible()).toBe(false);
    if (wide) await page.setViewportSize(wide);
  });

  it('puts the choices of a group beside its name', async () => {
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    await console.go('webhooks');
    await console.press('Create a webhook endpoint');
    const overlaps =
      await page.evaluate<number>(`[...document.querySelectorAll('.checks')].flatMap((group) => {
      const name = group.querySelector('legend')?.getBoundingClientRect().right ?? 0;
      return [...group.querySelectorAll('label')].filter((each) => each.getBoundingClientRect().left < name);
    }).length`);

    expect(overlaps).toBe(0);
    expect(await page.locator('.checks').count()).toBeGreaterThan(5);
  });

  it('changes settings by a form that has their meaning, default and bounds', async () => {
    await console.signIn(
      await service.principal('--scope applications:read --scope applications:write --scope audit:read'),
    );
    const { page } = console;
    const { applicationId } = service.application;
    await console.go('applications', applicationId);
    await page.getByRole('link', { name: 'Change settings' }).click();
    const idle = page.getByLabel('Access idle');
    expect(await idle.inputValue()).toBe('1800');
    expect(await console.text()).toContain('Default: 1800 (30 minutes). Allowed: 10 to 86400 (1 day)');

    await idle.fill('soon');
    expect(await page.getByRole('button', { name: 'Save settings' }).count()).toBe(0);
    expect(await console.text()).toContain('These values are not valid: Session: Access idle');
    await idle.fill('5');
    await console.press('Save settings');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save settings' }).click();
    expect(await dialog.getByRole('alert').innerText()).toContain('accessIdle');
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await idle.fill('900');
    await page.getByLabel('Redirect urls').fill('https://a.example/in\nhttps://b.example/in');
    await console.press('Save settings');
    expect(await dialog.locator('dl').innerText()).toContain('Session: Access idle\n30 minutes → 15 minutes');
    await console.confirm('Save settings');
    await page.locator('.bar').waitFor({ state: 'detached' });
    expect(await idle.inputValue()).toBe('900');
    expect(await page.getByLabel('Redirect urls').inputValue()).toBe(
      'https://a.example/in\nhttps://b.example/in',
    );
    await console.press('Reset to default');
    await console.press('Save settings');
    await console.confirm('Save settings');
    await until(async () => (await idle.inputValue()) === '1800');
  });

  it('creates a client of the OpenID provider, shows each secret once, changes and removes it', async () => {
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    const dialog = page.getByRole('dialog');
    const shownSecret = async (act: string): Promise<string> => {
      await dialog.getByRole('button', { name: act, exact: true }).click();
      const secret = await dialog.locator('.secret code').innerText();
      expect(await dialog.getByRole('button', { name: 'Copy', exact: true }).count()).toBe(1);
      // Escape would lose it.
      await page.keyboard.press('Escape');
      await expectFit(page);
      await dialog.getByRole('button', { name: 'I have stored it' }).click();
      await dialog.waitFor({ state: 'detached' });
      return secret;
    };
    await console.go('applications', service.application.applicationId);
    await console.press('Create a client');
    await dialog.getByLabel('Name').fill(MARKUP);
    await dialog.getByLabel('Redirect URLs').fill('https://wiki.example.com/a\nhttps://wiki.example.com/b');
    for (const scope of ['Openid', 'Groups']) await dialog.getByLabel(scope).check();
    await dialog.getByLabel('Of a third party').selectOption('yes');
    await expectFit(page);
    const first = await shownSecret('Create a client');
    const row = page.getByRole('row', { name: 'wiki.example.com' });
    expect(await row.innerText()).toMatch(/openid\s+groups\s+https:\S+\/a\s+https:\S+\/b\s+yes\s+no/);
    await expectFit(page);

    await row.getByRole('button', { name: 'Replace the secret' }).click();
    expect(await shownSecret('Replace the secret')).not.toBe(first);
    expect(await page.content()).not.toContain(first);
    await row.getByRole('button', { name: 'Change' }).click();
    await dialog.getByLabel('Groups').uncheck();
    await console.confirm('Change');
    await until(async () => !(await row.innerText()).includes('groups'));
    await row.getByRole('button', { name: 'Remove' }).click();
    await console.confirm('Remove');
    await row.waitFor({ state: 'detached' });
  });

  it('says who receives the launches of a bot of others before it is allowed', async () => {
    await console.signIn(await service.principal('--scope applications:read --scope bots:write'));
    const { page } = console;
    const dialog = page.getByRole('dialog');
    await console.go('applications', service.application.applicationId, 'settings');
    await console.press('Allow a bot');
    expect(await dialog.innerText()).toContain(
      'receives every launch of it, and can sign in here as each visitor',
    );
    await dialog.getByLabel('Bot').first().fill('7342037359');
    await console.confirm('Allow a bot');
    const row = page.getByRole('row', { name: '7342037359' });
    await row.getByRole('button', { name: 'Remove' }).click();
    await console.confirm('Remove');
    await row.waitFor({ state: 'detached' });

    await console.go('applications', service.application.applicationId);
    await console.press('Add a bot');
    expect(await dialog.innerText()).toContain(
      'a person who has the token of the bot can sign in as each of your users',
    );
  });

  it('names what a form lacks before it is sent, and the acts of the trail in words', async () => {
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.url());
    });
    await console.go('webhooks');
    await console.press('Create a webhook endpoint');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('crm');
    await dialog.getByLabel('URL').fill('https://example.com/crm');
    await dialog.getByRole('button', { name: 'Create a webhook endpoint' }).click();
    expect(await dialog.getByRole('alert').innerText()).toContain('Types: Choose at least one of these');
    expect(sent).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await console.go('audit');
    const [, ...words] = await page.getByLabel('What').locator('option').allInnerTexts();
    expect(words).toEqual(words.toSorted((one, other) => one.localeCompare(other)));
    expect(words.filter((each) => !/^[A-Z][a-z]* [^:]+$/.test(each))).toEqual([]);
  });

  it('shows the act of a row on a narrow screen, and that an account is to be erased', async () => {
    const { userId } = await hostilePerson();
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    await page.setViewportSize({ width: 390, height: 800 });
    await console.goToPerson({ userId });
    const box = await page.getByRole('button', { name: 'End', exact: true }).boundingBox();
    expect((box?.x ?? 390) + (box?.width ?? 0)).toBeLessThanOrEqual(390);

    await service.countersign.run(`user erase ${userId} --reason ticket-1`);
    await console.go('people');
    await console.shows('to be erased');
    await console.goToPerson({ userId });
    await console.shows('Status: to be erased');
  });

  it('keeps nothing that a script could take', async () => {
    await console.signIn(await service.principal('--all-scopes'));
    const kept = await console.page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]');

    expect(kept).toEqual([0, 0, '']);
    expect(
      (await console.page.context().cookies()).map(({ name, httpOnly, secure, sameSite }) => ({
        name,
        httpOnly,
        secure,
        sameSite,
      })),
    ).toEqual([{ name: '__Host-console', httpOnly: true, secure: true, sameSite: 'Strict' }]);
  });

  it('lets no page of another site, port or frame act with the session', async () => {
    const { userId } = await hostilePerson();
    await console.signIn(await service.principal('--all-scopes'));
    const path = `${service.url}/v1/admin/users/${userId}/deactivate`;
    const attacks = `<body><iframe name=f></iframe><iframe id=framed src="${service.url}/console"></iframe>
      <form id=form method=post action="${path}" target=f enctype=text/plain><input name=x value=y></form>
      <script>
        window.results = Promise.all([
          fetch('${path}', { method: 'POST', mode: 'no-cors', credentials: 'include' }),
          fetch('${path}', { method: 'POST', credentials: 'include', headers: { 'x-csrf-token': 'x' } }),
          fetch('${service.url}/v1/admin/console', { credentials: 'include' }).then((answer) => answer.text()),
          fetch('${service.url}/v1/admin/users', { mode: 'no-cors', credentials: 'include' }),
        ].map((each) => each.then((value) => (typeof value === 'string' ? value : value.type), () => 'failed')));
        document.getElementById('form').submit();
      </script>`;
    const server: Server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(attacks);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      // The same host by another port is the same site, which gets the cookie.
      for (const host of ['127.0.0.1', 'localhost']) {
        const page = await console.page.context().newPage();
        await page.goto(`http://${host}:${port}/`);
        expect(await page.evaluate('results')).toEqual(['failed', 'failed', 'failed', 'failed']);
        const framed = page.frames().find((frame) => frame.url().includes('/console'));
        expect(
          framed === undefined
            ? ''
            : await framed
                .locator('#console')
                .count()
                .catch(() => 0),
        ).not.toBe(1);
        await page.close();
      }
    } finally {
      server.close();
    }
    await console.go('people', userId);
    await console.settled();
    expect(await console.page.locator('button', { hasText: 'Deactivate' }).count()).toBe(1);
  });

  it('signs in at the provider of the company, by way of another site, and out', async () => {
    service.provider.person = {
      sub: 'grace',
      preferred_username: 'grace',
      realm_access: { roles: ['users:read', 'audit:read'] },
    };
    const { page } = console;
    await page.getByRole('link', { name: 'Sign in with the company account' }).click();
    await page.getByText('Signed in as grace').waitFor();
    expect(new URL(page.url()).search).toBe('');
    await console.press('Sign out');
    await page.getByRole('link', { name: 'Sign in with the company account' }).waitFor();

    // The session of grace at the provider goes on, and another person is at the machine.
    service.provider.next = { sub: 'eve', realm_access: { roles: [] } };
    await page.getByRole('link', { name: 'Sign in with the company account' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('has no access');
  });

  it('has no barrier and no sideways scroll', async () => {
    const { userId } = await hostilePerson();
    await console.settled();
    await expectFit(console.page);
    await console.signIn(await service.principal('--all-scopes'));
    const { applicationId } = service.application;
    for (const path of [
      ...ALL_PAGES,
      ['people', userId],
      ['applications', applicationId],
      ['applications', applicationId, 'settings'],
    ]) {
      await console.go(...path);
      await console.settled();
      await expectFit(console.page);
    }
    await console.go('people', userId);
    await console.press('Erase');
    await console.page.getByRole('dialog').waitFor();
    await expectNoBarrier(console.page);
  });

  it('loads less than 200 KB at first, from its own host alone', async () => {
    const hosts = new Set<string>();
    const context = await service.browser.newContext();
    context.on('request', (request) => hosts.add(new URL(request.url()).host));
    const fresh = await service.open(context);
    await fresh.signIn(await service.principal('--all-scopes'));
    const zipped = ['main.js.gz', 'style.css.gz'].map(
      (name) => readFileSync(`dist/apps/console/${name}`).length,
    );

    await context.close();
    expect([...hosts]).toEqual([new URL(service.url).host]);
    expect(fresh.complaints).toEqual([]);
    expect(zipped.reduce((sum, size) => sum + size)).toBeLessThan(MAX_FIRST_LOAD_BYTES);
  });
});
