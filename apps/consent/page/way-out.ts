/** Ways out without Telegram: they are named in the Mini App, and ask in a browser that has their wallet. */

import { button, call, element, hexOf, instant, listOf, Refusal, show, warning } from './elements';

export interface Recipients {
  readonly evm: string;
  readonly ton: string | null;
}

export interface WayOut {
  readonly to: Recipients;
  readonly next: { readonly to: Recipients; readonly at: string } | null;
  readonly readyAt: string | null;
  readonly openedAt: string | null;
}

/** EIP-1193. */
interface Provider {
  request(call: { readonly method: string; readonly params?: readonly string[] }): Promise<unknown>;
}

const WALLET_ID = /^[0-9a-f-]{36}$/;
const provider = (): Provider | undefined => (globalThis as { ethereum?: Provider }).ethereum;

/** @returns address and signature of the wallet of this browser */
async function proofOf(deed: 'name' | 'ask', walletId: string): Promise<readonly [string, string]> {
  const ethereum = provider();
  if (!ethereum) throw new Refusal('no_provider');
  const [address = ''] = (await ethereum.request({ method: 'eth_requestAccounts' })) as readonly string[];
  const { text } = await call<{ text: string }>('way-out-text', { walletId, address, deed });
  const params = [`0x${hexOf(new TextEncoder().encode(text))}`, address];
  return [address, (await ethereum.request({ method: 'personal_sign', params })) as string];
}

export function recipientsOf({ evm, ton }: Recipients): HTMLElement {
  return listOf([
    ['Way out on Ethereum and its relatives', evm],
    ['Way out on TON', ton ?? 'none: nothing on TON leaves by it'],
  ]);
}

/** Of a wallet in the Mini App. */
export function wayOutOf(
  { id, wayOut }: { readonly id: string; readonly wayOut: WayOut | null },
  again: () => Promise<void>,
): readonly HTMLElement[] {
  const name = button(`Name ${wayOut ? 'another' : 'a'} way out`, async () => show(...nameForm(id)), 'quiet');
  if (!wayOut)
    return [warning('Without a way out or its words, this wallet is lost with your Telegram account.'), name];
  const { to, next, readyAt, openedAt } = wayOut;
  const change = next ? [warning(`From ${instant(next.at)} on it is this one:`), recipientsOf(next.to)] : [];
  const wait = readyAt
    ? [
        warning(
          openedAt
            ? 'It is open: everything may go there.'
            : `It asked, and gets all after ${instant(readyAt)}.`,
        ),
        button('Stop it', () => call('stop-way-out', { walletId: id }).then(again)),
      ]
    : [];
  const kept = element('p', `Keep this address, where it asks: ${linkOf(id)}`);
  return [recipientsOf(to), ...change, ...wait, kept, name];
}

function linkOf(walletId: string): string {
  return `${location.origin}${location.pathname}#${walletId}`;
}

function nameForm(walletId: string): readonly HTMLElement[] {
  const field = (placeholder: string): HTMLInputElement =>
    Object.assign(document.createElement('input'), { placeholder, ariaLabel: placeholder });
  const [ton, pasted] = [field('Address on TON'), field('Address and signature')];
  const propose = async ([address = '', signature = '']: readonly string[]): Promise<void> => {
    const named = { walletId, address, signature, ton: ton.value.trim() };
    const { link: href } = await call<{ link: string }>('name-way-out', named);
    const open = Object.assign(element('a', 'Read and accept it'), { href, target: '_blank' });
    show(element('h1', 'One step more'), open);
  };
  return [
    element('h1', 'Name a way out'),
    element('p', 'A wallet of yours, such as MetaMask, which gets everything when you have lost Telegram.'),
    element('p', 'What is on TON goes to an address of its own. If you leave it empty, it stays.'),
    ton,
    button('Sign with the wallet of this browser', async () => propose(await proofOf('name', walletId))),
    element('p', `Or open ${linkOf(walletId)} where that wallet is, sign, and paste what it shows.`),
    pasted,
    button('Go on', () => propose(pasted.value.trim().split(/\s+/)), 'quiet'),
  ];
}

/** Without Telegram. */
export function askPage(walletId: string): readonly HTMLElement[] {
  if (!WALLET_ID.test(walletId)) return [element('h1', 'Open this page in Telegram')];
  return [
    element('h1', 'The way out of a wallet'),
    element('p', `With the wallet of this browser, for the wallet ${walletId}.`),
    button('Ask for everything', async () => {
      const [address, signature] = await proofOf('ask', walletId);
      const { readyAt } = await call<{ readyAt: string }>('ask-way-out', { walletId, address, signature });
      show(
        element('h1', 'You have asked'),
        element(
          'p',
          `Until ${instant(readyAt)} the person of the wallet can stop it. Then write to the operator, who opens it.`,
        ),
      );
    }),
    button(
      'Only sign, to be named',
      async () => {
        show(
          element('h1', 'Paste this in Telegram'),
          element('pre', (await proofOf('name', walletId)).join(' ')),
        );
      },
      'quiet',
    ),
  ];
}
