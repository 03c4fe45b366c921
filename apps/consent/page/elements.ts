export class Refusal extends Error {}

const page = document.querySelector('#page') as HTMLElement;
export const launch = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData') ?? '';

const REFUSALS: Readonly<Record<string, string>> = {
  launch_refused: 'Close this page and open it in Telegram again: it is good for ten minutes.',
  consent_unknown: 'This link has expired or is not yours. If another person sent it to you, do nothing.',
  wallet_frozen: 'The wallet is frozen.',
  braked: 'All wallets are stopped at the moment.',
  way_out_refused:
    'Another wallet has to sign: the one that the page shows. Or the text has expired. Begin again.',
  no_provider: 'This browser has no wallet.',
  malformed: 'An address or a signature is not one.',
  above_hour: 'Too many people did this in the last hour. Try again later.',
  away: 'The keys cannot be reached. Try again in a moment.',
};

export function element(name: string, ...parts: readonly (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...parts);
  return made;
}

export function button(text: string, work: () => Promise<void>, className = ''): HTMLElement {
  const made = Object.assign(element('button', text) as HTMLButtonElement, { className });
  made.addEventListener('click', () => {
    made.disabled = true;
    void work().catch((error: unknown) => {
      made.disabled = false;
      show(text, problem(error));
    });
  });
  return made;
}

export function show(title: string, ...parts: readonly (string | HTMLElement)[]): void {
  const shown = parts.map((part) => (typeof part === 'string' ? element('p', part) : part));
  page.replaceChildren(element('h1', title), ...shown);
}

export async function call<T>(name: string, fields: object = {}): Promise<T> {
  const answer = await fetch(`v1/${name}`, { method: 'POST', body: JSON.stringify({ ...fields, launch }) });
  const body = (await answer.json()) as T & { code?: string };
  if (!answer.ok) throw new Refusal(body.code ?? 'away');
  return body;
}

export function problem(error: unknown): HTMLElement {
  const code = error instanceof Refusal ? error.message : 'away';
  return warning(REFUSALS[code] ?? `It was refused: ${code}.`);
}

export const warning = (text: string): HTMLElement =>
  Object.assign(element('p', text), { className: 'warning' });

export function listOf(entries: readonly (readonly [name: string, value: string])[]): HTMLElement {
  return element('dl', ...entries.flatMap(([name, value]) => [element('dt', name), element('dd', value)]));
}

export const numbered = (items: readonly string[]): HTMLElement =>
  element('ol', ...items.map((item) => element('li', item)));

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const instant = (at: string): string => new Date(at).toLocaleString();
