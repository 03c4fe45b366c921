/** The Mini App of the consent bot. Custody has decoded what it shows, and signs nothing else. */

interface Shown {
  readonly kind: 'sign' | 'export' | 'unfreeze' | 'bind';
  readonly state: 'open' | 'accepted' | 'done' | 'expired';
  readonly readyAt: string | null;
  readonly exportDelayHours: number;
  readonly details: {
    readonly chain: string;
    readonly summary: readonly string[];
    readonly text: string | null;
    readonly undecoded: readonly unknown[];
  } | null;
  readonly wallet: Wallet;
}

interface Wallet {
  readonly id: string;
  readonly isDestroyed: boolean;
  readonly frozenAt: string | null;
  readonly addresses: Readonly<Record<'evm' | 'ton', string>> | null;
  readonly last: readonly { readonly call: string; readonly kind: string | null; readonly at: string }[];
}

class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(code);
  }
}

const page = document.querySelector('#page') as HTMLElement;
const launch = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData') ?? '';
const person = JSON.parse(new URLSearchParams(launch).get('user') ?? '{}') as {
  readonly first_name?: string;
};
const startParam = new URLSearchParams(launch).get('start_param') ?? '';

const REFUSALS: Readonly<Record<string, string>> = {
  launch_refused: 'Close this page and open it in Telegram again: it is good for ten minutes.',
  consent_unknown: 'This link has expired or is not yours. If somebody else sent it to you, do nothing.',
  wallet_frozen: 'The wallet is frozen.',
  braked: 'All wallets are stopped at the moment.',
  above_hour: 'Too many people did this in the last hour. Try again later.',
  away: 'The keys cannot be reached. Try again in a moment.',
};
const DONE: Readonly<Record<Shown['kind'], string>> = {
  sign: 'Accepted. Go back to the page that asked.',
  export: 'Accepted.',
  unfreeze: 'The wallet acts again.',
  bind: 'The wallet is yours. From now on it does what you accept here.',
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
};

function element(name: string, text = '', className = ''): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function button(text: string, work: () => Promise<void>, className = ''): HTMLElement {
  const made = element('button', text, className) as HTMLButtonElement;
  made.addEventListener('click', () => {
    made.disabled = true;
    void work().catch((error: unknown) => {
      made.disabled = false;
      show(element('h1', text), ...problem(error));
    });
  });
  return made;
}

function show(...parts: readonly HTMLElement[]): void {
  page.replaceChildren(...parts);
}

async function call<T>(name: string, fields: object = {}): Promise<T> {
  const answer = await fetch(`v1/${name}`, { method: 'POST', body: JSON.stringify({ ...fields, launch }) });
  const body = (await answer.json()) as T & { code?: string; retryAfterSeconds?: number };
  if (!answer.ok) throw new Refusal(body.code ?? 'away', body.retryAfterSeconds);
  return body;
}

function problem(error: unknown): readonly HTMLElement[] {
  const code = error instanceof Refusal ? error.code : 'away';
  return [element('p', REFUSALS[code] ?? `It was refused: ${code}.`, 'warning')];
}

const instant = (at: string): string => new Date(at).toLocaleString();

function titleOf({ kind }: Shown): string {
  if (kind === 'bind') return 'Is this wallet yours?';
  if (kind === 'export') return 'Show the words of the wallet?';
  return kind === 'unfreeze' ? 'Let the wallet act again?' : 'Do this with your wallet?';
}

function describe({ kind, details, exportDelayHours }: Shown): readonly HTMLElement[] {
  if (kind === 'export')
    return [
      element(
        'p',
        `Who has the words has everything in the wallet, for ever. They are shown here ${exportDelayHours === 0 ? 'at once' : `in ${exportDelayHours} hours. Until then a freeze ends it`}.`,
        'warning',
      ),
    ];
  if (kind === 'unfreeze') return [element('p', 'Only if you know why it was frozen.', 'warning')];
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
      : [element('p', 'A part of this was not decoded. Accept only if you know what it does.', 'warning')]),
    element('p', 'Nothing happens if you close this page.'),
  ];
}

function walletOf({ id, addresses, frozenAt, isDestroyed, last }: Wallet): HTMLElement {
  const box = element('section');
  box.append(element('h2', isDestroyed ? 'A wallet that was destroyed' : 'Your wallet'));
  const list = element('dl');
  for (const [name, address] of Object.entries(addresses ?? {}))
    list.append(element('dt', name === 'evm' ? 'Ethereum and its relatives' : 'TON'), element('dd', address));
  for (const { call: done, kind, at } of last)
    list.append(
      element('dt', instant(at)),
      element('dd', [NAMES[done] ?? done, kind].filter(Boolean).join(': ')),
    );
  box.append(list);
  if (frozenAt) box.append(element('p', `Frozen since ${instant(frozenAt)}.`));
  else if (!isDestroyed)
    box.append(
      button(
        'Freeze this wallet now',
        async () => {
          await call('freeze-own', { walletId: id });
          await start();
        },
        'quiet',
      ),
    );
  return box;
}

async function collect(consent: string): Promise<void> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const key = base64url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  const { sender, nonce, box } = await call<{ sender: string; nonce: string; box: string }>('collect', {
    consent,
    key,
  });
  const point = await crypto.subtle.importKey(
    'raw',
    bytesOf(sender),
    { name: 'ECDH', namedCurve: 'P-256' },
    false,
    [],
  );
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
  const words = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytesOf(nonce) }, aes, bytesOf(box));
  const list = element('ol');
  list.append(
    ...new TextDecoder()
      .decode(words)
      .split(' ')
      .map((word) => element('li', word)),
  );
  show(
    element('h1', 'The words of your wallet'),
    list,
    element(
      'p',
      "Write them down, on paper. They are shown once. Ethereum: m/44'/60'/0'/0/0. TON: BIP-39 with m/44'/607'/0'.",
    ),
  );
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  );
}

function actionsOf(shown: Shown, consent: string): readonly HTMLElement[] {
  const { kind, state, readyAt } = shown;
  if (state === 'open')
    return [
      button('Accept', async () => {
        await call('accept', { consent });
        show(element('h1', DONE[kind]));
        if (kind === 'export') await start();
      }),
    ];
  if (kind === 'export' && state === 'accepted' && readyAt)
    return Date.parse(readyAt) > Date.now()
      ? [element('p', `You accepted it. Open this link again after ${instant(readyAt)}.`)]
      : [button('Show the words now', () => collect(consent))];
  return [element('p', state === 'expired' ? 'It is over: ask again.' : DONE[kind])];
}

async function start(): Promise<void> {
  if (launch === '') return show(element('h1', 'Open this page in Telegram'));
  const isAsked = startParam.startsWith('w_');
  if (!isAsked) {
    const { wallets } = await call<{ wallets: readonly Wallet[] }>('own');
    return show(
      element('h1', wallets.length === 0 ? 'You have no wallet here' : 'Your wallets'),
      element('p', `Opened in Telegram by ${person.first_name ?? 'an unknown person'}.`),
      ...wallets.map(walletOf),
    );
  }
  const consent = Array.from(bytesOf(startParam.slice(2)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
  const shown = await call<Shown>('show', { consent });
  show(
    element('h1', titleOf(shown)),
    element('p', `Opened in Telegram by ${person.first_name ?? 'an unknown person'}.`),
    ...describe(shown),
    ...actionsOf(shown, consent),
    walletOf(shown.wallet),
  );
}

start().catch((error: unknown) => show(element('h1', 'Not now'), ...problem(error)));
