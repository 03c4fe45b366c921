import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { usePlayground } from '../system/support/playground';

describe('the ways to sign in that the playground shows', () => {
  const run = usePlayground();

  /** The account of the page, as the first section names it. */
  async function account(): Promise<string> {
    const [, found = ''] = /account ([\w-]+)/.exec(await run.playground.text('#people .state')) ?? [];
    return found;
  }

  it('take each form of the Login Widget, for the account of the Mini App', async () => {
    const { playground } = run;
    await playground.signIn('A new person');
    const login = 'POST /v1/auth/telegram/login-widget 200';
    const form = playground.page.getByLabel('What the page sends');

    for (const [index, sent] of ['"data":', '"query":', '"tgAuthResult":'].entries()) {
      await form.selectOption({ index });
      const said = await playground.press('login-widget', 'Log in by the widget');
      expect(said).toContain(`known account ${await account()}, with assurance bot-token`);
      expect(await playground.text('#login-widget .exchange[open] .block:first-of-type pre')).toContain(
        sent.replace(':', ''),
      );
    }
    expect(await playground.requests('login-widget')).toEqual([login, login, login]);
    expect(await playground.press('login-widget', 'Log in, then ask another account to join')).toContain(
      'auth.assurance_too_low',
    );
  });

  it('go to the fake Log In With Telegram and back', async () => {
    const { playground, address } = run;
    await playground.page.getByLabel('Who is at the browser').selectOption('Grace Hopper');
    await playground.opensAnew('telegram-login', 'Log in');
    await playground.waitFor('signed-in');

    expect(await playground.outcome('telegram-login')).toMatch(
      /^Signed in to (new|known) account [\w-]+, with assurance platform\.$/,
    );
    expect(await playground.requests('telegram-login')).toEqual([
      'POST /v1/auth/exchange 200',
      expect.stringMatching(/^GET \/v1\/auth\/telegram\/oidc\/start\?\S+codeChallengeMethod=S256 302$/),
    ]);
    expect(playground.page.url()).toBe(`${address}/playground`);
    expect(await playground.press('gateway', 'Call the service')).toContain('service behind got');
  });

  it('say that the person declined at Telegram', async () => {
    const { playground } = run;
    await playground.opensAnew('telegram-login', 'Begin, and decline at Telegram');

    expect(await playground.outcome('telegram-login')).toBe('oidc.login_declined');
    await playground.waitFor('signed-out');
  });

  it('tell OpenWeb3 from Telegram', async () => {
    const { playground } = run;
    await playground.signIn('A new person');

    const said = await playground.press('openweb3', 'Sign in by OpenWeb3');
    expect(said).toMatch(/^Signed in to new account [\w-]+, with assurance bot-token\.$/);
    expect(said).not.toContain(await account());
    expect(await playground.press('openweb3', 'Present it as Telegram’s')).toContain(
      'init_data.hash_mismatch',
    );
    expect(await playground.requests('openweb3')).toEqual([
      'POST /v1/auth/telegram/init-data 401',
      'POST /v1/auth/openweb3/init-data 200',
    ]);
  });

  it('take a proof of a wallet of TON, linked before, and for this domain only', async () => {
    const { playground } = run;
    await playground.signIn('A new person');
    expect(await playground.press('ton', 'Sign in by the wallet of TON')).toContain('wallet.not_linked');

    expect(await playground.confirmed('ton', 'Link my wallet of TON')).toMatch(/^Linked [\w-]{48}\.$/);
    expect(await playground.press('ton', 'Sign in by the wallet of TON')).toBe(
      `The wallet opened a session of account ${await account()}, with assurance platform.`,
    );
    expect(await playground.press('ton', 'Sign for another domain')).toContain('wallet.domain_mismatch');
  });

  it('bind a newcomer to who referred them, once', async () => {
    const { playground } = run;
    await playground.signIn('A new person');
    const [, code = ''] =
      /^Your code is (\w{12})\.$/.exec(await playground.press('referrals', '1. Show my code')) ?? [];
    expect(await playground.text('#referrals .list >> nth=0')).toContain(`startapp=r_${code}`);
    expect(await playground.press('referrals', '2. Sign in by it as the other')).toContain('is bound to you');
    expect(await playground.press('referrals', '2. Sign in by it as the other')).toContain(
      'referral.not_first_sign_in',
    );

    expect(await playground.press('referrals', '3. Show my counts')).toContain('You brought 1 person,');
    expect(await playground.text('#referrals .list >> nth=1')).toBe('Level 1: 1 person');
    expect(await playground.press('referrals', '4. List the people of level 1')).toContain('1 person.');
  });

  it('have curl lines that begin a login as the browser did', async () => {
    const { playground } = run;
    await playground.opensAnew('telegram-login', 'Begin, and decline at Telegram');
    await playground.outcome('telegram-login');

    const line = await playground.text('#telegram-login .exchange[open] .block:last-child pre');
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `${line} -o /dev/null -w '%{http_code}'`]);
    expect(stdout).toBe('302');
  });

  it('have no barrier that axe finds, and fit a phone', async () => {
    const { playground } = run;
    await playground.signIn('A new person');
    await playground.press('login-widget', 'Log in, then ask another account to join');
    await playground.press('openweb3', 'Sign in by OpenWeb3');
    await playground.press('referrals', '1. Show my code');
    await playground.press('referrals', '2. Sign in by it as the other');
    await playground.press('referrals', '3. Show my counts');
    await playground.press('ton', 'Sign for another domain');
    await playground.hasNoBarrier();
    await playground.opensAnew('telegram-login', 'Log in');
    await playground.outcome('telegram-login');
    await playground.hasNoBarrier();
  });

  it('are done by keyboard', async () => {
    const { playground } = run;
    await playground.signIn('A new person');
    const { page } = playground;
    const said = async (section: string, ...keys: readonly string[]) => {
      await page.locator(`#${section} select`).first().focus();
      for (const key of keys) await page.keyboard.press(key);
      return playground.outcome(section);
    };

    expect(await said('login-widget', 'Tab', 'Tab', 'Enter')).toContain('is signed in to known account');
    expect(await said('openweb3', 'Tab', 'Enter')).toContain('Signed in to new account');
    expect(await said('referrals', 'Tab', 'Space')).toContain('Your code is');
  });
});
