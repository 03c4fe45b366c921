/** The Mini App of the consent bot. It shows an act as custody decoded it. Custody signs nothing else. */

import type { ShownConsent, ShownMove, ShownWallet } from '@countersign/custody-protocol';
import {
  button,
  call,
  element,
  hexOf,
  instant,
  launch,
  listOf,
  numbered,
  problem,
  show,
  warning,
} from './elements';
import { naming, recipientsOf, showOutside, wayOutOf } from './way-out';

type Part = string | HTMLElement;

const person = JSON.parse(new URLSearchParams(launch).get('user') ?? '{}') as { first_name?: string };
const startParam = new URLSearchParams(launch).get('start_param') ?? '';

const KINDS: Readonly<Record<ShownConsent['kind'], readonly [title: string, done: string]>> = {
  sign: ['Do this with your wallet?', 'Accepted. Go back to the page that asked.'],
  export: ['Show the words of the wallet?', 'Accepted.'],
  unfreeze: ['Let the wallet act again?', 'The wallet acts again.'],
  bind: ['Is this wallet yours?', 'The wallet is yours. From now on it does what you accept here.'],
  'way-out': [
    'Let this wallet have everything one day?',
    'Accepted. It becomes the way out in 72 hours. Until then you can stop it here, and in the app that asked.',
  ],
};
const NAMES: Readonly<Record<string, string>> = {
  accept: 'Accepted here',
  bind: 'You accepted the wallet as yours',
  clear: 'Waiting requests ended',
  create: 'The wallet was created',
  destroy: 'Destroyed',
  export: 'Words shown',
  cancel: 'Cancelled by the operator',
  freeze: 'Frozen',
  restore: 'Brought back',
  'restore-key': 'Key brought back',
  sign: 'Signed',
  unfreeze: 'Freed',
  'way-out': 'Way out',
};

function describe({ kind, act, exportDelayHours, wayOut }: ShownConsent): readonly Part[] {
  const when =
    exportDelayHours === 0 ? 'at once' : `in ${exportDelayHours} hours. Until then a freeze ends it`;
  if (kind === 'export')
    return [
      warning(`Who has the words has everything in the wallet, for ever. They are shown here ${when}.`),
    ];
  if (kind === 'way-out' && wayOut)
    return [
      recipientsOf(wayOut),
      warning(
        'The owner of this other wallet can take everything in your wallet, at any time from then on. They must ask first, and you can stop that here for a week. Accept only a wallet of your own.',
      ),
    ];
  if (kind === 'unfreeze') return [warning('Only if you know why it was frozen.')];
  if (kind === 'bind')
    return ['You have just made it. It then does large things only when you accept them here.'];
  if (!act) return [];
  return [
    ...act.moves.map(moveOf),
    ...(act.text === null ? [] : ['With this text:', element('pre', act.text)]),
    listOf(act.rows),
    ...act.warnings.map(warning),
  ];
}

function moveOf({ title, rows, warning: permanent }: ShownMove): HTMLElement {
  const made = element('section', element('h2', title), listOf(rows));
  if (permanent !== null) made.append(warning(permanent));
  return made;
}

function askerOf({ application }: ShownConsent): readonly Part[] {
  if (application === null) return [];
  const name = application === '' ? 'an application without a name' : `“${application}”`;
  return [listOf([['Asked by (according to the service that asks; nobody has checked it)', name]])];
}

function walletOf(wallet: ShownWallet): HTMLElement {
  const { id, addresses, frozenAt, isDestroyed, last } = wallet;
  const freeze = (): Promise<void> => call('freeze-own', { walletId: id }).then(start);
  const done = last.map(
    ({ call: name, kind, at }) =>
      [instant(at), [NAMES[name] ?? name, name === 'sign' ? kind : ''].filter(Boolean).join(': ')] as const,
  );
  const box = element('section');
  if (!addresses) box.append(element('h2', 'A wallet that was destroyed'), listOf(done));
  else {
    const shown = listOf([
      ['Its address on Ethereum and compatible networks', addresses.evm],
      ['Its address on TON', addresses.ton],
      ...done,
    ]);
    box.append(element('h2', 'Your wallet'), shown, ...wayOutOf(wallet, start));
  }
  const clear = (): Promise<void> => call('clear-own', { walletId: id }).then(start);
  if (!isDestroyed) box.append(button('End all requests that wait for you', clear, 'quiet'));
  if (frozenAt) box.append(element('p', `Frozen since ${instant(frozenAt)}.`));
  else if (!isDestroyed) box.append(button('Freeze this wallet now', freeze, 'quiet'));
  return box;
}

const AGAIN = 'The button opens this page again, which then accepts. It works for two minutes.';
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
  show(
    'The words of your wallet',
    numbered(new TextDecoder().decode(words).split(' ')),
    "Write them down, on paper. They are shown once. Ethereum: m/44'/60'/0'/0/0. TON: BIP-39 with m/44'/607'/0'.",
  );
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
}

function actionOf(shown: ShownConsent, consent: string): Part {
  const { kind, state, readyAt } = shown;
  const [title, done] = KINDS[kind];
  if (state === 'open' && kind === 'way-out')
    return naming(consent, (accept) => show(title, ...describe(shown), accept, AGAIN));
  if (state === 'open')
    return button('Accept', async () => {
      await call('accept', { consent });
      if (kind === 'export') await start();
      else show(done);
    });
  if (kind === 'export' && state === 'accepted' && readyAt)
    return Date.parse(readyAt) > Date.now()
      ? `You accepted it. Open this link again after ${instant(readyAt)}.`
      : button('Show the words now', () => collect(consent));
  return state === 'expired' ? 'It is over: ask again.' : done;
}

async function start(): Promise<void> {
  if (launch === '') return showOutside(location.hash.slice(1));
  const name = person.first_name?.replaceAll(/\p{Bidi_Control}/gu, '') ?? 'an unknown person';
  const opened = element('p', 'You are signed in to Telegram as ', element('bdi', name), '.');
  if (startParam.startsWith('w_')) {
    const consent = hexOf(bytesOf(startParam.slice(2)));
    const shown = await call<ShownConsent>('show', { consent });
    const [title] = KINDS[shown.kind];
    const parts = [...describe(shown), ...askerOf(shown), actionOf(shown, consent)];
    const otherwise =
      shown.state === 'open'
        ? ['To refuse, close this page. The request then ends by itself within ten minutes.']
        : [];
    return show(title, opened, ...parts, ...otherwise, walletOf(shown.wallet));
  }
  const isAccepting = startParam.startsWith('a_');
  if (isAccepting) await call('accept', { consent: hexOf(bytesOf(startParam.slice(2, 45))) });
  const { wallets } = await call<{ wallets: readonly ShownWallet[] }>('own');
  if (isAccepting) return show(KINDS['way-out'][1], opened, ...wallets.map(walletOf));
  show(wallets.length === 0 ? 'You have no wallet here' : 'Your wallets', opened, ...wallets.map(walletOf));
}

start().catch((error: unknown) => show('Not now', problem(error)));
