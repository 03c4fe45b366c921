/** The pages of ways out. A person names one in the Mini App. The named wallet asks in a browser that has it. */

import type { Recipients, ShownWallet } from '@countersign/custody-protocol';
import { button, call, element, hexOf, instant, listOf, Refusal, show, warning } from './elements';

interface Provider {
  request(call: { readonly method: string; readonly params?: readonly string[] }): Promise<unknown>;
}

const WALLET_ID = /^[0-9a-f-]{36}$/;
const CONSENT = /^[0-9a-f]{64}$/;

async function signed(textFor: (address: string) => Promise<string>): Promise<readonly [string, string]> {
  const { ethereum } = globalThis as { ethereum?: Provider };
  if (!ethereum) throw new Refusal('no_provider');
  const [address = ''] = (await ethereum.request({ method: 'eth_requestAccounts' })) as readonly string[];
  const params = [`0x${hexOf(new TextEncoder().encode(await textFor(address)))}`, address];
  return [address, (await ethereum.request({ method: 'personal_sign', params })) as string];
}

async function signedToBeNamed(consent: string): Promise<string> {
  const { text, address } = await call<Record<'text' | 'address', string>>('naming-text', { consent });
  const [, signature] = await signed(async (own) => {
    if (own.toLowerCase() !== address) throw new Refusal('way_out_refused');
    return text;
  });
  return signature;
}

export function recipientsOf({ evm, ton }: Recipients): HTMLElement {
  return listOf([
    ['Way out on Ethereum and compatible networks', evm],
    ['Way out on TON', ton ?? 'none: nothing on TON leaves by it'],
  ]);
}

export function wayOutOf({ id, wayOut }: ShownWallet, again: () => Promise<void>): readonly HTMLElement[] {
  if (!wayOut)
    return [
      warning(
        'If you lose your Telegram account, you lose this wallet too. To prevent that, name another wallet of yours as the way out, in the app that shows you this wallet. The other wallet can then get everything.',
      ),
    ];
  const { to, next, readyAt, openedAt } = wayOut;
  const change = next
    ? [warning(`This becomes the way out at ${instant(next.at)}, unless you stop it:`), recipientsOf(next.to)]
    : [];
  const wait = openedAt
    ? 'It is open: everything may go there.'
    : readyAt && `It asked, and gets all after ${instant(readyAt)}.`;
  const stop = button('Stop it', () => call('stop-way-out', { walletId: id }).then(again));
  const note = element(
    'p',
    `Link it to your account as a wallet that can sign in. Keep this address, where it asks: ${linkOf(id)}`,
  );
  return [
    ...(to ? [recipientsOf(to)] : []),
    ...change,
    ...(wait ? [warning(wait)] : []),
    ...(wait || next ? [stop] : []),
    note,
  ];
}

function linkOf(fragment: string): string {
  return `${location.origin}${location.pathname}#${fragment}`;
}

/** The named wallet signs first. @param showLink shows the link that accepts */
export function naming(consent: string, showLink: (accept: HTMLElement) => void): HTMLElement {
  const label = 'Signature of that wallet';
  const pasted = Object.assign(document.createElement('input'), { placeholder: label, ariaLabel: label });
  const goOn = async (signature: string): Promise<void> => {
    const { link: href } = await call<{ link: string }>('accept-link', { consent, signature });
    const accept = element('a', 'Accept');
    showLink(Object.assign(accept, { href, target: '_blank', className: 'button' }));
  };
  return element(
    'section',
    element('p', 'First that wallet signs a text, so that you name no address by mistake.'),
    button('Sign with the wallet of this browser', async () => goOn(await signedToBeNamed(consent))),
    element('p', `Or open ${linkOf(consent)} where that wallet is, sign, and paste what it shows.`),
    pasted,
    button('Go on', () => goOn(pasted.value.trim()), 'quiet'),
  );
}

/** The page outside Telegram. @param fragment the id of a wallet whose way out asks, or a consent to sign */
export function showOutside(fragment: string): void {
  if (CONSENT.test(fragment))
    return show(
      'Name this wallet as a way out',
      button('Sign with the wallet of this browser', async () =>
        show('Paste this in Telegram', element('pre', await signedToBeNamed(fragment))),
      ),
    );
  if (!WALLET_ID.test(fragment)) return show('Open this page in Telegram');
  const walletId = fragment;
  const ask = async (): Promise<void> => {
    const [address, signature] = await signed(
      async (own) => (await call<{ text: string }>('way-out-text', { walletId, address: own })).text,
    );
    const { readyAt } = await call<{ readyAt: string }>('ask-way-out', { walletId, address, signature });
    show(
      'You have asked',
      `Until ${instant(readyAt)} the person of the wallet can stop it. Then write to the operator, who opens it.`,
    );
  };
  show(
    'The way out of a wallet',
    `With the wallet of this browser, for the wallet ${walletId}.`,
    button('Ask for everything', ask),
  );
}
