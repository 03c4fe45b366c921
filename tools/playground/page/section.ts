import { isCountersignError } from '@countersign/client';
import { byId, h } from './dom';
import { showExchange } from './exchange-view';
import { countersign } from './me';
import { during, onExchange } from './recorder';

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
