import { isCountersignError } from '@countersign/client';
import { byId, h } from './dom';
import { countersign } from './me';
import { curlOf, during, type Exchange, onExchange } from './recorder';

const SHOWN = 8;

/** Lists the latest exchanges of a section, newest first and open. */
function showExchange(list: HTMLElement, exchange: Exchange): void {
  for (const older of list.querySelectorAll('details')) older.open = false;
  list.querySelector('.empty')?.remove();
  // A page that waits asks the same again and again.
  const { pathname } = new URL(exchange.url);
  const isRepeated = /\/requests\/[\w-]{36}$/.test(pathname);
  const latest = list.querySelector('.path');
  if (isRepeated && latest?.textContent === pathname) list.firstElementChild?.remove();
  list.prepend(viewOf(exchange));
  while (list.children.length > SHOWN) list.lastElementChild?.remove();
}

function viewOf(exchange: Exchange): HTMLElement {
  const { method, status, ms } = exchange;
  const { pathname, search } = new URL(exchange.url);
  const outcome = status === 0 ? 'none' : status < 400 ? 'fine' : 'refused';
  return h(
    'details',
    { className: 'exchange', open: true },
    h(
      'summary',
      {},
      h('span', { className: 'method' }, method),
      h('code', { className: 'path' }, pathname + search),
      h('span', { className: `status ${outcome}` }, status === 0 ? 'no answer' : String(status)),
      h('span', { className: 'meta' }, `${ms} ms`),
    ),
    block('Request', [...lines(exchange.headers), '', pretty(exchange.body)].join('\n').trim() || 'No body.'),
    block(
      'Answer',
      [...lines(exchange.answerHeaders, shownHeaders), '', pretty(exchange.answer)].join('\n').trim() ||
        'No body.',
    ),
    block('As a curl line, tokens included', curlOf(exchange)),
  );
}

const shownHeaders = ['www-authenticate', 'retry-after', 'x-request-id'];

function lines(headers: Exchange['headers'], only?: readonly string[]): string[] {
  return headers.filter(([name]) => only?.includes(name) ?? true).map(([name, value]) => `${name}: ${value}`);
}

function block(title: string, text: string): HTMLElement {
  const pre = h('pre', { tabIndex: 0, role: 'group', 'aria-label': title }, text);
  return h('div', { className: 'block' }, h('h5', {}, title), pre);
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A part of the page: what it is about, what can be done, and beside it what was sent and answered. */
export interface Section {
  readonly body: HTMLElement;
  /** Says what came of an action. Also to a screen reader. */
  readonly say: (text: string) => void;
  /** A button. What its work returns is said; what it throws is explained. It can be pressed while `isReady`: by default, when signed in. */
  readonly action: (label: string, work: () => Promise<string>, isReady?: () => boolean) => HTMLButtonElement;
  /** Does the work at once, without a button. */
  readonly run: (work: () => Promise<string>) => Promise<void>;
}

const lists = new Map<string, HTMLElement>();
/** What makes the controls follow the state. */
const controls: (() => void)[] = [];

function isSignedIn(): boolean {
  return countersign.session.getSnapshot().status === 'signed-in';
}

/** Enables the buttons that can be pressed now, and no others. */
function refresh(): void {
  for (const control of controls) control();
}
countersign.session.subscribe(refresh);

/** A part of the tour. The sections that are added next belong to it. */
export function addGroup(title: string, needsSignIn = true): void {
  const id = `group-${title.slice(0, 1)}`;
  const first = h(
    'p',
    { className: 'hint' },
    'First ',
    h('a', { href: '#people' }, 'sign in as a person'),
    '.',
  );
  controls.push(() => (first.hidden = !needsSignIn || isSignedIn()));
  byId('contents').append(h('a', { href: `#${id}` }, title));
  byId('sections').append(h('h2', { id }, title), first);
}

onExchange((exchange, section) => {
  const list = lists.get(section);
  if (list) showExchange(list, exchange);
});

export function addSection(id: string, title: string, ...about: readonly string[]): Section {
  const body = h('div', { className: 'actions' });
  const outcome = h('p', { className: 'outcome', role: 'status' });
  const list = h('div', { className: 'exchanges' }, h('p', { className: 'empty' }, 'Nothing was sent yet.'));
  lists.set(id, list);
  byId('sections').append(
    h(
      'section',
      { id, className: 'card', 'aria-labelledby': `${id}-title` },
      h(
        'div',
        {},
        h('h3', { id: `${id}-title` }, title),
        ...about.map((text) => h('p', {}, text)),
        body,
        outcome,
      ),
      h('div', { className: 'wire' }, h('h4', {}, 'Requests and answers'), list),
    ),
  );
  function say(text: string, isProblem = false): void {
    outcome.classList.toggle('problem', isProblem);
    outcome.textContent = text;
  }
  function run(work: () => Promise<string>): Promise<void> {
    return during(id, work).then(say, (error: unknown) => say(sentenceOf(error), true));
  }
  return {
    body,
    say,
    run,
    action(label, work, isReady = isSignedIn) {
      const button = h('button', { type: 'button' }, label);
      const control = (): void => {
        button.disabled = !isReady();
      };
      controls.push(control);
      control();
      button.addEventListener('click', () => {
        button.setAttribute('aria-busy', 'true');
        void run(work).finally(() => {
          button.removeAttribute('aria-busy');
          refresh();
        });
      });
      return button;
    },
  };
}

/** What went wrong, in words. */
function sentenceOf(error: unknown): string {
  if (!isCountersignError(error)) return error instanceof Error ? error.message : String(error);
  const { code, body } = error;
  if (code === 'local.unreachable') return `${code}: no answer of the service`;
  const text = body.detail ?? body.title;
  return text === undefined ? code : `${code}: ${text}`;
}
