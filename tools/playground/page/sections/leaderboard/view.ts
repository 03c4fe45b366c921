import { h } from '../../dom';
import type { RankedPerson, Ranks, Wanted } from './ranks';
import { nameOf } from './words';

/** The first page of a board, and the page around the person. */
export function ranksView({ top, people, around }: Ranks, wanted: Wanted): HTMLElement[] {
  if (people === 0) return [h('p', {}, 'Nobody has a score in this season.')];
  const tables = [tableOf(`The first ${top.length} of ${people}`, top, wanted)];
  return around ? [...tables, tableOf('Around you', around, wanted)] : tables;
}

function tableOf(caption: string, items: readonly RankedPerson[], wanted: Wanted): HTMLElement {
  const heads = ['Rank', 'Who', 'Points'].map((text) => h('th', { scope: 'col' }, text));
  const rows = items.map((ranked) =>
    h(
      'tr',
      { 'aria-current': String(ranked.userId === wanted.userId) },
      h('td', {}, String(ranked.rank)),
      h('td', {}, nameOf(ranked, wanted)),
      h('td', {}, String(ranked.score)),
    ),
  );
  return h(
    'table',
    {},
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, ...heads)),
    h('tbody', {}, ...rows),
  );
}
