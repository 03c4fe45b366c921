import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { until } from '../support/until';
import { expectFit } from './support/axe';
import { usePlayground } from './support/playground';

describe('the playground', () => {
  const { service, playground } = usePlayground();

  it('signs a made-up person in, and out', async () => {
    await playground.signIn('Ada Lovelace');

    expect(await playground.text('#who')).toMatch(
      /^Ada Lovelace: signed-in. Account [\w-]+, created just now/,
    );
    expect(await playground.requests()).toEqual(['POST /v1/auth/telegram/init-data 200']);
    expect(await playground.press('Show my profile')).toContain('Identities: 1.');
    await playground.press('Sign out');
    await playground.waitFor('signed-out');
  });

  it('signs with an embedded wallet what the person has read, and nothing else', async () => {
    await playground.signIn('A new person');
    await playground.accept('Create my wallet');
    await until(async () => /Your wallet is UQ[\w-]{46}\./.test(await playground.text('#outcome')));
    const asked: string[] = [];
    playground.page.once('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    expect(await playground.press('Prove my wallet')).toContain('local.declined');
    expect(await playground.requests()).not.toContainEqual(expect.stringContaining('/sign'));

    playground.page.once('dialog', (dialog) => void dialog.accept());
    expect(await playground.press('Prove my wallet')).toMatch(/^Signed: /);
    const { host } = new URL(service.address);
    expect(asked).toEqual([`Prove at ${host} that this wallet is yours.\n\nHello from the playground`]);
  });

  it('asks at the consent bot for what only the person decides, and shows the words there', async () => {
    await playground.signIn('A new person');
    const bound = await playground.accept('Create my wallet');
    await bound.getByRole('heading', { name: 'The wallet is yours.', exact: false }).waitFor();

    const consent = await playground.accept('Show the words of my wallet');
    await consent.getByRole('button', { name: 'Show the words now' }).click();
    await consent.getByRole('heading', { name: 'The words of your wallet' }).waitFor();
    expect(await consent.locator('ol li').allInnerTexts()).toHaveLength(12);
    await expectFit(consent);
    await until(async () => (await playground.text('#outcome')).includes('A person who has the words'));

    const own = await playground.page.context().newPage();
    const wayOut = privateKeyToAccount(generatePrivateKey());
    await own.exposeFunction('signAs', (raw: Hex) => wayOut.signMessage({ message: { raw } }));
    // A wallet of the browser, by EIP-1193.
    await own.addInitScript(
      `window.ethereum = { request: ({ method, params }) => method === 'personal_sign' ? signAs(params[0]) : Promise.resolve(['${wayOut.address}']) }`,
    );
    const opening = playground.page.context().waitForEvent('page');
    playground.page.once('dialog', (dialog) => void dialog.accept(wayOut.address));
    await playground.page.getByRole('button', { name: 'Name a way out' }).click();
    const first = await opening;
    await first.getByText(wayOut.address).waitFor();
    await expectFit(first);
    // The window of the browser that has the wallet.
    await own.goto(first.url());
    await own.getByRole('button', { name: 'Sign with the wallet of this browser' }).click();
    const accept = own.getByRole('link', { name: 'Accept' });
    await accept.waitFor();
    await expectFit(own);
    const startParam = new URL((await accept.getAttribute('href')) ?? '').searchParams.get('startapp') ?? '';
    await own.goto(`${service.address}/playground/consent?startapp=${startParam}`);
    await own.getByText('It becomes the way out in 72 hours').waitFor();
    await expectFit(own);
    await until(async () => (await playground.text('#outcome')).includes('becomes the way out'));

    const kept = await own.getByText('Keep this address').innerText();
    await own.goto('about:blank');
    await own.goto(kept.split(': ')[1] ?? '');
    await own.getByRole('button', { name: 'Ask for everything' }).click();
    await own.getByText('Another wallet has to sign').waitFor();

    await own.goto(`${service.address}/playground/consent`);
    await own.getByRole('button', { name: 'Stop it' }).click();
    await own.getByRole('button', { name: 'Stop it' }).waitFor({ state: 'detached' });
    await own.getByRole('button', { name: 'Freeze this wallet now' }).click();
    await own.getByText('Frozen since').waitFor();
    playground.page.once('dialog', (dialog) => void dialog.accept());
    expect(await playground.press('Prove my wallet')).toContain('wallet.frozen');
  });
});
