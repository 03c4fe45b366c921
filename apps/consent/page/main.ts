/** The Mini App of the consent bot. Custody has decoded what it shows, and signs nothing else. */

import { button, call, element, hexOf, instant, launch, listOf, problem, show, warning } from './elements';
import { askPage, recipientsOf, wayOutOf, type Recipients, type WayOut } from './way-out';

interface Shown {
  readonly kind: 'sign' | 'export' | 'unfreeze' | 'bind' | 'way-out';
  readonly state: 'open' | 'accepted' | 'done' | 'expired';
  readonly readyAt: string | null;
  readonly exportDelayHours: number;
  readonly details: {
    readonly chain: string;
    readonly summary: readonly string[];
    readonly text: string | null;
    readonly undecoded: readonly unknown[];
  } | null;
  /** That is to be named. */
  readonly wayOut: Recipients | null;
  readonly wallet: Wallet;
}

interface Wallet {
  readonly id: string;
  readonly isDestroyed: boolean;
  readonly frozenAt: string | null;
  readonly addresses: Readonly<Record<'evm' | 'ton', string>> | null;
  readonly wayOut: WayOut | null;
  readonly last: readonly { readonly call: string; readonly kind: string | null; readonly at: string }[];
}

const person = JSON.parse(new URLSearchParams(launch).get('user') ?? '{}') as { first_name?: string };
const startParam = new URLSearchParams(launch).get('start_param') ?? '';

const KINDS: Readonly<Record<Shown['kind'], readonly [title: string, done: string]>> = {
  sign: ['Do this with your wallet?', 'Accepted. Go back to the page that asked.'],
  export: ['Show the words of the wallet?', 'Accepted.'],
  unfreeze: ['Let the wallet act again?', 'The wallet acts again.'],
  bind: ['Is this wallet yours?', 'The wallet is yours. From now on it does what you accept here.'],
  'way-out': [
    'Let this wallet have everything one day?',
    'Accepted. A first way out is there now, another one in 72 hours.',
  ],
};
const NAMES: Readonly<Record<string, string>> = {
  accept: 'Accepted here',
  bind: 'Made yours',
  create: 'Made',
  destroy: 'Destroyed',
  export: 'Words shown',
  freeze: 'Frozen',
  restore: 'Brought back',
  'restore-key': 'Key brought back',
  sign: 'Signed',
  unfreeze: 'Freed',
  'way-out': 'Way out',
};

function describe({ kind, details, exportDelayHours, wayOut }: Shown): readonly HTMLElement[] {
  if (kind === 'export')
    return [
      warning(
        `Who has the words has everything in the wallet, for ever. They are shown here ${exportDelayHours === 0 ? 'at once' : `in ${exportDelayHours} hours. Until then a freeze ends it`}.`,
      ),
    ];
  if (kind === 'way-out' && wayOut)
    return [
      recipientsOf(wayOut),
      warning(
        'When it asks, it gets all that your wallet has, a week later, unless you stop that here. Accept only a wallet of your own.',
      ),
    ];
  if (kind === 'unfreeze') return [warning('Only if you know why it was frozen.')];
  if (kind === 'bind')
    return [element('p', 'You have just made it. It then does large things only when you accept them here.')];
  const { summary = [], text = null, undecoded = [] } = details ?? {};
  const list = element('ul');
  list.append(...summary.map((sentence) => element('li', sentence)));
  return [
    list,
    ...(text === null ? [] : [element('pre', text)]),
    ...(undecoded.length === 0
      ? []
      : [warning('A part of this was not decoded. Accept only if you know what it does.')]),
    element('p', 'Nothing happens if you close this page.'),
  ];
}

function walletOf(wallet: Wallet): HTMLElement {
  const { id, addresses, frozenAt, isDestroyed, last } = wallet;
  const box = element('section');
  box.append(element('h2', isDestroyed ? 'A wallet that was destroyed' : 'Your wallet'));
  const { evm = '', ton = '' } = addresses ?? {};
  const shown = [['Ethereum and its relatives', evm] as const, ['TON', ton] as const];
  const done = last.map(
    ({ call: name, kind, at }) =>
      [instant(at), [NAMES[name] ?? name, kind].filter(Boolean).join(': ')] as const,
  );
  box.append(listOf([...(addresses ? shown : []), ...done]));
  if (!isDestroyed) box.append(...wayOutOf(wallet, start));
  if (frozenAt) box.append(element('p', `Frozen since ${instant(frozenAt)}.`));
  else if (!isDestroyed)
    box.append(
      button('Freeze this wallet now', () => call('freeze-own', { walletId: id }).then(start), 'quiet'),
    );
  return box;
}

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };

async function collect(consent: string): Promise<void> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const key = hexOf(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  const sealed = await call<Record<'sender' | 'nonce' | 'box', string>>('collect', { consent, key });
  const [sender, iv, box] = [bytesOf(sealed.sender), bytesOf(sealed.nonce), bytesOf(sealed.box)];
  const point = await crypto.subtle.importKey('raw', sender, CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: point }, pair.privateKey, 256);
  const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(`countersign/export/${consent}`);
  const aes = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    secret,
    { name: 'AES-GCM', length: 256 },
    false,
    ['decrypt'],
  );
  const words = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, aes, box);
  const list = element('ol');
  for (const word of new TextDecoder().decode(words).split(' ')) list.append(element('li', word));
  show(
    element('h1', 'The words of your wallet'),
    list,
    element(
      'p',
      "Write them down, on paper. They are shown once. Ethereum: m/44'/60'/0'/0/0. TON: BIP-39 with m/44'/607'/0'.",
    ),
  );
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  );
}

function actionsOf(shown: Shown, consent: string): readonly HTMLElement[] {
  const { kind, state, readyAt } = shown;
  const [, done] = KINDS[kind];
  if (state === 'open')
    return [
      button('Accept', async () => {
        await call('accept', { consent });
        show(element('h1', done));
        if (kind === 'export') await start();
      }),
    ];
  if (kind === 'export' && state === 'accepted' && readyAt)
    return Date.parse(readyAt) > Date.now()
      ? [element('p', `You accepted it. Open this link again after ${instant(readyAt)}.`)]
      : [button('Show the words now', () => collect(consent))];
  return [element('p', state === 'expired' ? 'It is over: ask again.' : done)];
}

async function start(): Promise<void> {
  if (launch === '') return show(...askPage(location.hash.slice(1)));
  const opened = element('p', `Opened in Telegram by ${person.first_name ?? 'an unknown person'}.`);
  if (!startParam.startsWith('w_')) {
    const { wallets } = await call<{ wallets: readonly Wallet[] }>('own');
    const title = element('h1', wallets.length === 0 ? 'You have no wallet here' : 'Your wallets');
    return show(title, opened, ...wallets.map(walletOf));
  }
  const consent = hexOf(bytesOf(startParam.slice(2)));
  const shown = await call<Shown>('show', { consent });
  show(
    element('h1', KINDS[shown.kind][0]),
    opened,
    ...describe(shown),
    ...actionsOf(shown, consent),
    walletOf(shown.wallet),
  );
}

start().catch((error: unknown) => show(element('h1', 'Not now'), ...problem(error)));
