/** Ways out without Telegram: they are named in the Mini App, and ask in a browser that has their wallet. */

import type { Recipients, ShownWallet } from '@countersign/custody-protocol';
import { button, call, element, hexOf, instant, listOf, Refusal, show, warning } from './elements';

/** EIP-1193. */
interface Provider {
  request(call: { readonly method: string; readonly params?: readonly string[] }): Promise<unknown>;
}

const WALLET_ID = /^[0-9a-f-]{36}$/;

/** @returns address and signature of the wallet of this browser */
async function proofOf(deed: 'name' | 'ask', walletId: string): Promise<readonly [string, string]> {
  const { ethereum } = globalThis as { ethereum?: Provider };
  if (!ethereum) throw new Refusal('no_provider');
  const [address = ''] = (await ethereum.request({ method: 'eth_requestAccounts' })) as readonly string[];
  const { text } = await call<{ text: string }>('way-out-text', { walletId, address, deed });
  const params = [`0x${hexOf(new TextEncoder().encode(text))}`, address];
  return [address, (await ethereum.request({ method: 'personal_sign', params })) as string];
}

export function recipientsOf({ evm, ton }: Recipients): HTMLElement {
  return listOf([
    ['Way out on Ethereum and compatible networks', evm],
    ['Way out on TON', ton ?? 'none: nothing on TON leaves by it'],
  ]);
}

/** Of a wallet in the Mini App. */
export function wayOutOf({ id, wayOut }: ShownWallet, again: () => Promise<void>): readonly HTMLElement[] {
  const name = button(`Name ${wayOut ? 'another' : 'a'} way out`, async () => showNaming(id), 'quiet');
  if (!wayOut)
    return [
      warning(
        'If you lose your Telegram account, you lose this wallet too. To prevent that, name a way out: another wallet of yours that can then get everything.',
      ),
      name,
    ];
  const { to, next, readyAt, openedAt } = wayOut;
  const change = next ? [warning(`From ${instant(next.at)} on it is this one:`), recipientsOf(next.to)] : [];
  const wait = openedAt
    ? 'It is open: everything may go there.'
    : readyAt && `It asked, and gets all after ${instant(readyAt)}.`;
  const stop = button('Stop it', () => call('stop-way-out', { walletId: id }).then(again));
  const kept = element('p', `Link it to your account. Keep this address, where it asks: ${linkOf(id)}`);
  return [recipientsOf(to), ...change, ...(wait ? [warning(wait), stop] : []), kept, name];
}

function linkOf(walletId: string): string {
  return `${location.origin}${location.pathname}#${walletId}`;
}

function showNaming(walletId: string): void {
  const field = (placeholder: string): HTMLInputElement =>
    Object.assign(document.createElement('input'), { placeholder, ariaLabel: placeholder });
  const [ton, pasted] = [field('Address on TON'), field('Address and signature')];
  const propose = async ([address = '', signature = '']: readonly string[]): Promise<void> => {
    const named = { walletId, address, signature, ton: ton.value.trim() };
    const { link: href } = await call<{ link: string }>('name-way-out', named);
    show('One step more', Object.assign(element('a', 'Read and accept it'), { href, target: '_blank' }));
  };
  show(
    'Name a way out',
    'A wallet of yours, such as MetaMask, which gets everything when you have lost Telegram.',
    'What is on TON goes to an address of its own. If you leave it empty, it stays.',
    ton,
    button('Sign with the wallet of this browser', async () => propose(await proofOf('name', walletId))),
    `Or open ${linkOf(walletId)} where that wallet is, sign, and paste what it shows.`,
    pasted,
    button('Go on', () => propose(pasted.value.trim().split(/\s+/)), 'quiet'),
  );
}

/** Without Telegram. */
export function showAsking(walletId: string): void {
  if (!WALLET_ID.test(walletId)) return show('Open this page in Telegram');
  const ask = async (): Promise<void> => {
    const [address, signature] = await proofOf('ask', walletId);
    const { readyAt } = await call<{ readyAt: string }>('ask-way-out', { walletId, address, signature });
    show(
      'You have asked',
      `Until ${instant(readyAt)} the person of the wallet can stop it. Then write to the operator, who opens it.`,
    );
  };
  const sign = async (): Promise<void> =>
    show('Paste this in Telegram', element('pre', (await proofOf('name', walletId)).join(' ')));
  show(
    'The way out of a wallet',
    `With the wallet of this browser, for the wallet ${walletId}.`,
    button('Ask for everything', ask),
    button('Only sign, to be named', sign, 'quiet'),
  );
}
