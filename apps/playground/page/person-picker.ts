import { h } from './dom';
import { me, newcomer, people, type Person } from './me';

export interface PersonPicker {
  readonly element: HTMLElement;
  readonly chosen: () => Person;
}

/** Chooses another person than the one of the page. */
export function personPicker(label: string): PersonPicker {
  const offered = [...people.filter(({ id }) => id !== me?.id), newcomer()];
  const select = h('select', {}, ...offered.map(({ id, name }) => h('option', { value: String(id) }, name)));
  return {
    element: h('label', {}, label, select),
    chosen: () => offered[select.selectedIndex] ?? newcomer(),
  };
}
