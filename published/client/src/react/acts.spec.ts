import { Window } from 'happy-dom';
import { act, createElement as h, type ReactNode } from 'react';
import type * as Dom from 'react-dom/client';
import { CountersignError, errorTexts } from '../problem.js';
import type { Countersign, SessionState } from '../types.js';
import { accountErasure, Confirm, useStepUp } from './acts.js';
import { CountersignProvider } from './hooks.js';

const GLOBALS = [
  'window',
  'document',
  'navigator',
  'IS_REACT_ACT_ENVIRONMENT',
  'localStorage',
  'sessionStorage',
];
const PREVIEW = {
  erasesAt: '2026-12-06T08:00:00.000Z',
  confirm: 'person-1',
  lost: { sessions: 2, teams: 1, teamMemberships: 3 },
  forfeit: ['wallet-1', 'wallet-2'],
};
let launches = 0;

/** A client whose launch was opened for an act; calls without an answer here answer an empty object. */
function aClient(answers: Readonly<Record<string, unknown>> = {}, act_ = 'account.erase') {
  const asked: unknown[][] = [];
  const session = {
    ...{ status: 'signed-in', startParam: `s_${(launches += 1)}` },
    stepUp: { act: act_, title: 'Erase the account', grant: 'cs_sg_one' },
  } as unknown as SessionState;
  const call = async (method: string, path: string, input?: unknown): Promise<unknown> => {
    asked.push([method, path, input]);
    const answer = answers[`${method} ${path}`] ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return {
    asked,
    client: {
      call,
      session: { getSnapshot: () => session, subscribe: () => () => undefined },
    } as unknown as Countersign,
  };
}

describe('acts in React', () => {
  let before: readonly (PropertyDescriptor | undefined)[];
  let page: Window;
  let dom: typeof Dom;
  const roots: Dom.Root[] = [];

  beforeAll(async () => {
    page = new Window({ url: 'https://app.example.com/' });
    const values = [page, page.document, page.navigator, true, page.localStorage, page.sessionStorage];
    before = GLOBALS.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
    GLOBALS.forEach((name, place) =>
      Object.defineProperty(globalThis, name, { value: values[place], configurable: true, writable: true }),
    );
    dom = await import('react-dom/client');
  });
  afterEach(() => act(async () => roots.splice(0).forEach((root) => root.unmount())));
  afterAll(async () => {
    await page.happyDOM.close();
    GLOBALS.forEach((name, place) => {
      Reflect.deleteProperty(globalThis, name);
      if (before[place]) Object.defineProperty(globalThis, name, before[place]);
    });
  });

  async function settled(work: () => unknown = () => undefined): Promise<void> {
    await act(async () => void (await work()));
    await act(() => new Promise((resolve) => setImmediate(resolve)));
  }

  async function shown(client: Countersign, node: ReactNode) {
    const element = document.createElement('main');
    const root = dom.createRoot(element);
    roots.push(root);
    await settled(() => root.render(h(CountersignProvider, { client }, node)));
    return {
      text: () => element.textContent,
      press: (label: string) =>
        settled(() =>
          [...element.querySelectorAll('button')].find((it) => it.textContent === label)?.click(),
        ),
    };
  }

  it('are done once the person confirms what they have read, and not before', async () => {
    const { client, asked } = aClient({ 'GET /v1/me/erasure': PREVIEW });
    const erased = jest.fn();
    const acts = { 'account.erase': accountErasure(client, erased) };
    const { text, press } = await shown(client, h(Confirm, { acts }));

    expect(text()).toContain('Erase the account');
    expect(text()).toContain('A team that you own is deleted for all members');
    expect(text()).toContain('lost for good');
    expect(asked.map(([method]) => method)).toEqual(['GET']);

    await press('Yes, delete my account');

    expect(asked[1]).toEqual([
      'DELETE',
      '/v1/me',
      {
        query: { confirm: 'person-1', forfeit: 'wallet-1,wallet-2' },
        headers: { 'X-Step-Up-Grant': 'cs_sg_one' },
      },
    ]);
    expect(text()).toContain('Done.');
    expect(erased).toHaveBeenCalledTimes(1);
  });

  it('are dropped where the person does not want them, also by the next rendering', async () => {
    const { client, asked } = aClient({ 'GET /v1/me/erasure': PREVIEW });
    const acts = { 'account.erase': accountErasure(client) };
    const { text, press } = await shown(client, h(Confirm, { acts }));

    await press('Not now');

    expect(text()).toBe('');
    expect((await shown(client, h(Confirm, { acts }))).text()).toBe('');
    expect(asked.map(([method]) => method)).toEqual(['GET']);
  });

  it('show nothing where the page does not know the act', async () => {
    const { client } = aClient({}, 'account.unlink');

    expect((await shown(client, h(Confirm, { acts: {} }))).text()).toBe('');
  });

  it('say why they failed', async () => {
    const over = new CountersignError('account.grant_invalid', 403);
    const { client } = aClient({ 'GET /v1/me/export': over }, 'account.export');
    const acts = {
      'account.export': { run: (it: { call: Countersign['call'] }) => it.call('GET', '/v1/me/export') },
    };
    const { text, press } = await shown(client, h(Confirm, { acts }));

    await press('Confirm');

    expect(text()).toContain(errorTexts['account.grant_invalid']);
  });

  it('are asked for by a button, which hears of the outcome', async () => {
    const { client } = aClient({
      'POST /v1/me/step-up/requests': { requestId: 'one', title: 'Export', code: 'A-CODE', links: [] },
      'GET /v1/me/step-up/requests/{requestId}': { state: 'done' },
    });
    function Ask(): ReactNode {
      const { ask, asked, outcome, error } = useStepUp('account.export');
      return h(
        'button',
        { onClick: () => void ask() },
        `${asked?.code ?? 'Ask'} ${outcome ?? ''} ${error ?? ''}`,
      );
    }
    const { text, press } = await shown(client, h(Ask));

    await press('Ask  ');

    expect(text().trim()).toBe('A-CODE done');
  });
});
