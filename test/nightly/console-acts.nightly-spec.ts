import type { BrowserContext } from 'playwright-core';
import { useAnvil } from '../support/anvil';
import { useCustody } from '../support/embedded-wallets';
import { useTwoNodes } from '../support/fake-node';
import { sendingOn } from '../support/sends';
import { until } from '../support/until';
import { expectNoBarrier } from '../system/support/axe';
import { aBoard, allowWallets, aMergedAccount, aSendingWallet } from '../system/support/console-seed';
import { useConsolePage, useConsoleService } from '../system/support/console-service';

describe('the acts of the console', () => {
  const custody = useCustody();
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
  const service = useConsoleService(() => sendingOn(custody, [first.url, second.url]).environment);
  const console = useConsolePage(service);
  const others: BrowserContext[] = [];

  const expectNoBarrierHere = async (): Promise<void> => {
    await console.settled();
    await expectNoBarrier(console.page);
  };

  beforeAll(async () => {
    await allowWallets(service);
  });
  afterEach(async () => {
    for (const each of others.splice(0)) await each.close();
  });

  it('erase an account only with the wallets that are given up', async () => {
    const { session, walletId } = await aSendingWallet(service, anvil);
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    const dialog = page.getByRole('dialog');
    await console.goToPerson(session);
    await console.press('Erase');
    expect(await dialog.locator('.says').innerText()).toMatch(/^[A-Z].{15,}\.$/s);
    const forfeit = dialog.getByLabel('Give up for good');
    expect(await forfeit.count()).toBe(0);
    await dialog.getByLabel('Reason').fill('because she asked');
    await dialog.getByRole('button', { name: 'Erase' }).click();
    expect(await dialog.getByRole('alert').innerText()).toContain('Reason: This does not have the form');
    await dialog.getByLabel('Reason').fill('ticket-8');
    await dialog.getByRole('button', { name: 'Erase' }).click();
    await forfeit.waitFor();
    expect(await dialog.getByRole('alert').innerText()).toContain('account.forfeit_not_named');
    expect(await forfeit.inputValue()).toBe(walletId);
    await expectNoBarrier(page);
    await console.confirm('Erase');
    await console.shows('to be erased');
    await page.getByRole('button', { name: 'Cancel the requested erasure' }).waitFor();
    await expectNoBarrierHere();
  });

  it('are reached by the Tab key, take the focus into their dialog and give it back', async () => {
    const account = await aMergedAccount(service);
    const { walletId } = await aSendingWallet(service, anvil);
    const boardId = await aBoard(service);
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    const focused = (of: string): Promise<unknown> => page.evaluate(`document.activeElement.${of}`);
    let count = 0;
    for (const path of [
      ...[['people', account.userId], ['wallets'], ['wallets', walletId], ['boards'], ['boards', boardId]],
      ...[['applications', service.application.applicationId], ['bots'], ['listings']],
    ]) {
      await console.go(...path);
      await console.settled();
      await console.openMenus();
      const acts = page.locator('main button[aria-expanded]:visible');
      const left = new Set(await acts.allInnerTexts());
      expect(left.size).toBeGreaterThan(0);
      await page.locator('main').focus();
      for (let presses = 0; left.size > 0 && presses < 160; presses += 1) {
        await page.keyboard.press('Tab');
        const name = String(await focused('textContent'));
        if (!left.delete(name)) continue;
        await page.keyboard.press('Enter');
        await page.getByRole('dialog').waitFor();
        expect(await focused('closest("[role=dialog]") !== null')).toBe(true);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        // A menu closes when an act of it is chosen, and has the focus then.
        await until(async () => [name, 'More'].includes(String(await focused('textContent'))));
        await console.openMenus();
        count += 1;
      }
      expect([path, ...left]).toEqual([path]);
    }
    expect(count).toBeGreaterThan(15);
  });
});
