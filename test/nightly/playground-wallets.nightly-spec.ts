import { recoverMessageAddress, type Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { until } from '../support/until';
import { usePlayground, type Playground } from '../system/support/playground';

describe('embedded wallets in the playground', () => {
  const run = usePlayground();

  /** Signs in as somebody new, who creates a wallet. @returns its address */
  async function create(chain: 'Ethereum' | 'TON' = 'Ethereum'): Promise<string> {
    await run.playground.signIn('A new person');
    const said = await run.playground.press('embedded', `Create my wallet of ${chain}`);
    return /^Your wallet is (\S+)\.$/.exec(said)?.[1] ?? said;
  }

  const question = ({ page }: Playground) => page.locator('#embedded .question');
  const button = ({ page }: Playground, name: string) =>
    page.locator('#embedded').getByRole('button', { name, exact: true });

  const host = (): string => new URL(run.address).host;

  /** @returns what the person reads before they answer */
  async function read(signing: string): Promise<string> {
    const shown = () => question(run.playground).allInnerTexts();
    const before = await shown();
    await button(run.playground, signing).click();
    await until(async () => (await shown()).some((text) => !before.includes(text)));
    return question(run.playground).innerText();
  }

  /** @returns what the page says in the end */
  async function answer(label: 'Sign it' | 'Do not sign'): Promise<string> {
    const { playground } = run;
    await button(playground, label).click();
    await question(playground).waitFor({ state: 'detached' });
    return playground.outcome('embedded');
  }

  it('sign what the person has read, and nothing else', async () => {
    const address = await create();
    const { playground } = run;
    expect(address).toMatch(/^0x[0-9a-fA-F]{40}$/);
    await playground.page.locator('#embedded input').fill('Hello <b>Ada</b>');

    expect(await read('Sign with Ethereum')).toMatch(
      /What would be signed\s+Sign the text of a message\.\s+Hello <b>Ada<\/b>\s+For eip155:1\./,
    );
    await playground.hasNoBarrier();
    expect(await answer('Do not sign')).toBe('Nothing was signed.');
    expect(await playground.requests('embedded')).not.toContainEqual(expect.stringContaining('/sign'));

    const signed = playground.page.waitForResponse(/\/sign$/);
    await read('Sign with Ethereum');
    expect(await answer('Sign it')).toMatch(/^Signed: /);
    const { signature } = (await (await signed).json()) as { signature: Hex };
    expect(await recoverMessageAddress({ message: 'Hello <b>Ada</b>', signature })).toBe(address);
  });

  it('of TON sign text for the site of the page', async () => {
    expect(await create('TON')).toMatch(/^UQ/);

    expect(await read('Sign with TON')).toContain(`Sign the text of a message for ${host()}.`);
    expect(await answer('Sign it')).toMatch(/^Signed: /);
    expect(await read('Prove TON to this site')).toMatch(
      new RegExp(`Prove at ${host()} that this wallet is yours\\.\\s+Hello from the playground`),
    );
    expect(await answer('Sign it')).toMatch(/^Signed: /);
  });

  it('say what a permit lets another take, and whom', async () => {
    const address = await create();

    const said = await read('Sign a permit with Ethereum');

    expect(said).toMatch(
      new RegExp(
        `Let 0x5e\\S+ take 2500000 units of the token 0x70\\S+ of ${address}, by a signature that is valid until `,
        'i',
      ),
    );
    expect(await answer('Sign it')).toMatch(/^Signed: /);
  });

  it('decline what was asked before, where something else is asked', async () => {
    await create();
    await read('Sign a permit with Ethereum');

    expect(await read('Sign with Ethereum')).toContain('Hello from the playground');
    expect(await answer('Do not sign')).toBe('Nothing was signed.');
    expect(await run.playground.requests('embedded')).not.toContainEqual(expect.stringContaining('/sign'));
  });

  it('sign nothing while they are frozen, until the person confirms that they act again', async () => {
    await create();
    const { playground } = run;
    expect(await playground.press('embedded', 'Freeze Ethereum')).toBe(
      'The wallet does nothing until you end that.',
    );
    expect(await playground.press('embedded', 'Sign with Ethereum')).toContain('wallet.frozen');
    expect(await playground.text('#embedded article')).toContain('Frozen since');

    expect(await playground.confirmed('embedded', 'Let Ethereum act again')).toBe('The wallet acts again.');
    await read('Sign with Ethereum');
    expect(await answer('Sign it')).toMatch(/^Signed: /);
  });

  it('show their words once, in the launch of the step-up, with a warning', async () => {
    const address = await create();
    const { playground } = run;

    const second = await playground.opensTab('embedded', 'Show the words of Ethereum');
    expect(await second.press('step-up', 'Confirm')).toBe('The words are shown under “Embedded wallet”.');

    const words = await question(second).locator('li').allInnerTexts();
    expect(mnemonicToAccount(words.join(' ')).address).toBe(address);
    expect(await question(second).innerText()).toContain('Their holder has the wallet');
    await second.hasNoBarrier();

    await second.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(second, 'Copy the words').click();
    await until(
      async () => (await second.page.evaluate('navigator.clipboard.readText()')) === words.join(' '),
    );
    expect(await second.text('#embedded article')).toContain('Its words were shown at');

    // Beside the requests they are not repeated.
    expect(await second.page.content()).not.toContain(words.join(' '));
    await second.page.goto('about:blank');
    await second.page.goBack();
    await second.waitFor('signed-in');
    expect(await second.page.locator('body').innerText()).not.toContain(words.slice(0, 3).join(' '));
    expect(await second.page.content()).not.toContain(words.slice(0, 3).join(' '));
    expect(second.complaints).toEqual([]);
    await playground.page.locator('#embedded .outcome').getByText('It is done in the other tab.').waitFor();
    await playground.press('embedded', 'Show my embedded wallets');
    expect(await playground.text('#embedded article')).toContain('Its words were shown at');
    await second.page.close();
  });

  it('say how chains are given that they send on', async () => {
    expect(await run.playground.text('#sends .actions')).toContain('“npm run example:wallet” starts it');
    expect(await run.playground.page.locator('#sends button').count()).toBe(0);
  });

  it('fit a phone, and have no barrier that axe finds', async () => {
    const { playground } = run;
    await create();
    await playground.press('embedded', 'Create my wallet of TON');
    await playground.hasNoBarrier();
  });
});
