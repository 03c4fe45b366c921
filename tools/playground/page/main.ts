import { createCountersign, isCountersignError, textOf } from '@countersign/client';
import {
  askForConsent,
  createEmbeddedWallet,
  untilAccepted,
  walletSigner,
  type ActDetails,
} from '@countersign/client/wallets';

interface Person {
  readonly id: number;
  readonly first_name: string;
  readonly last_name: string;
}
interface Installation {
  readonly applicationId: string;
  readonly consoleUrl: string;
  readonly people: readonly Person[];
}

const SHOWN_REQUESTS = 20;
const TEXT = 'Hello from the playground';

const installation = await fetch('/playground/people');
const { applicationId, consoleUrl, people } = (await installation.json()) as Installation;
const launchData = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData') ?? '';
const me = JSON.parse(new URLSearchParams(launchData).get('user') ?? 'null') as Person | null;

const countersign = createCountersign({
  api: location.origin,
  applicationId,
  deviceName: 'Playground',
  fetch: shownFetch,
});

for (const person of people) addButton('people', nameOf(person), () => launch(person.id));
addButton('people', 'A new person', () => launch((people[0]?.id ?? 0) + 10 + randomBelow(999_000)));
addButton('actions', 'Show my profile', async () => {
  const { userId, identities } = await countersign.call('GET', '/v1/me');
  return `You are account ${userId}. Identities: ${identities.length}.`;
});
addButton('actions', 'Create my wallet', async () => {
  const { walletId, address, binding } = await wallet();
  if (binding) await untilAccepted(countersign, walletId, binding, openConsent);
  return `Your wallet is ${address}.`;
});
addButton('actions', 'Prove my wallet', async () => {
  const signer = walletSigner(countersign, (await wallet()).walletId, isWanted, openConsent);
  const { signature } = await signer.signTonProof(location.host, TEXT);
  return `Signed: ${signature}`;
});
addButton('actions', 'Show the words of my wallet', async () => {
  await askForConsent(countersign, (await wallet()).walletId, 'export', openConsent);
  return 'The consent page shows the words. A person who has the words has the wallet, so never type them into a page.';
});
addButton('actions', 'Name a way out', async () => {
  const address = window.prompt('The address of another wallet of yours') ?? '';
  await askForConsent(countersign, (await wallet()).walletId, 'way-out', openConsent, { address });
  return 'This wallet becomes the way out in 72 hours, unless you stop it.';
});
addButton('actions', 'Sign out', async () => {
  await countersign.signOut();
  return 'This launch cannot sign in again. Choose a person to open the app again.';
});
countersign.session.subscribe(showSession);
showSession();

function showSession(): void {
  const state = countersign.session.getSnapshot();
  const who = byId('who');
  who.dataset['status'] = state.status;
  const refusal = 'error' in state ? `. ${state.error.code}: ${textOf(state.error)}` : '';
  who.replaceChildren(
    element('bdi', me ? nameOf(me) : 'Opened outside of Telegram'),
    `: ${state.status}${refusal}`,
  );
  byId('actions').toggleAttribute('disabled', state.status !== 'signed-in');
  if (state.status !== 'signed-in') return;
  const known = state.isNewUser ? 'created just now' : 'created earlier';
  const link = element('a', 'Open it in the console');
  link.href = `${consoleUrl}/console#/people/${state.userId}`;
  who.append(`. Account ${state.userId}, ${known}, with the assurance ${state.assurance}. `, link, '.');
}

/** Opens the page as Telegram opens a Mini App: the storage of the tab is empty. */
async function launch(id: number): Promise<string> {
  sessionStorage.clear();
  location.assign(`/playground/launch?id=${id}`);
  return 'Opening …';
}

function wallet(): ReturnType<typeof createEmbeddedWallet> {
  return createEmbeddedWallet(countersign, 'ton');
}

function openConsent(link: string): void {
  window.open(`/playground/consent${new URL(link).search}`);
}

function isWanted({ summary, text }: ActDetails): boolean {
  return window.confirm([...summary, text ?? ''].join('\n\n'));
}

async function shownFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const sent = await request.clone().text();
  const answer = await fetch(request);
  const { pathname, search } = new URL(request.url);
  const title = `${request.method} ${pathname}${search} ${answer.status}`;
  const headers = [...request.headers].map(([name, value]) => `${name}: ${value}`);
  const exchange = element('details');
  const text = [...headers, '', pretty(sent), '', pretty(await answer.clone().text())].join('\n');
  exchange.append(element('summary', title), element('pre', text));
  const list = byId('requests');
  // A waiting page repeats the same request.
  if (list.querySelector('summary')?.textContent === title) list.firstElementChild?.remove();
  list.prepend(exchange);
  while (list.children.length > SHOWN_REQUESTS) list.lastElementChild?.remove();
  return answer;
}

function addButton(row: string, label: string, work: () => Promise<string>): void {
  const button = element('button', label);
  const say = (text: string): string => (byId('outcome').textContent = text);
  button.addEventListener('click', () => {
    button.setAttribute('aria-busy', 'true');
    void work()
      .then(say, (error: unknown) =>
        say(isCountersignError(error) ? `${error.code}: ${textOf(error)}` : String(error)),
      )
      .finally(() => button.removeAttribute('aria-busy'));
  });
  byId(row).append(button);
}

function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, text = ''): HTMLElementTagNameMap[Tag] {
  return Object.assign(document.createElement(tag), { textContent: text });
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

function nameOf({ first_name: first, last_name: last }: Person): string {
  return `${first} ${last}`.replaceAll(/\p{Bidi_Control}/gu, '');
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function randomBelow(limit: number): number {
  return Math.floor(Math.random() * limit);
}
