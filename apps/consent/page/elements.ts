export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(code);
  }
}

const page = document.querySelector('#page') as HTMLElement;
export const launch = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData') ?? '';

const REFUSALS: Readonly<Record<string, string>> = {
  launch_refused: 'Close this page and open it in Telegram again: it is good for ten minutes.',
  consent_unknown: 'This link has expired or is not yours. If another person sent it to you, do nothing.',
  wallet_frozen: 'The wallet is frozen.',
  braked: 'All wallets are stopped at the moment.',
  way_out_refused: 'This wallet is not the way out of that one, or the text has expired. Begin again.',
  no_provider: 'This browser has no wallet.',
  malformed: 'An address or a signature is not one.',
  above_hour: 'Too many people did this in the last hour. Try again later.',
  away: 'The keys cannot be reached. Try again in a moment.',
};

export function element(name: string, text = '', className = ''): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

export function button(text: string, work: () => Promise<void>, className = ''): HTMLElement {
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

export function show(...parts: readonly HTMLElement[]): void {
  page.replaceChildren(...parts);
}

export async function call<T>(name: string, fields: object = {}): Promise<T> {
  const answer = await fetch(`v1/${name}`, { method: 'POST', body: JSON.stringify({ ...fields, launch }) });
  const body = (await answer.json()) as T & { code?: string; retryAfterSeconds?: number };
  if (!answer.ok) throw new Refusal(body.code ?? 'away', body.retryAfterSeconds);
  return body;
}

export function problem(error: unknown): readonly HTMLElement[] {
  const code = error instanceof Refusal ? error.code : 'away';
  return [warning(REFUSALS[code] ?? `It was refused: ${code}.`)];
}

export const warning = (text: string): HTMLElement => element('p', text, 'warning');

/** Names and what they are, in pairs. */
export function listOf(entries: readonly (readonly [name: string, value: string])[]): HTMLElement {
  const list = element('dl');
  for (const [name, value] of entries) list.append(element('dt', name), element('dd', value));
  return list;
}

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const instant = (at: string): string => new Date(at).toLocaleString();
