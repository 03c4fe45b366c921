import { h } from './dom';
import { curlOf, type Exchange } from './recorder';

const SHOWN = 8;

/** Lists the latest exchanges of a section, newest first and open. */
export function showExchange(list: HTMLElement, exchange: Exchange): void {
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
