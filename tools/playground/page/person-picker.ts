import { h } from './dom';
import { me, newcomer, people, type Person } from './me';

export interface PersonPicker {
  readonly element: HTMLElement;
  readonly chosen: () => Person;
}

/** Chooses another person than the one of the page. */
export function personPicker(label: string): PersonPicker {
  return pickerOf(label, [...others(), newcomer()]);
}

/** Chooses another person. The first choice has no account. */
export function newcomerPicker(label: string): PersonPicker {
  return pickerOf(label, [newcomer(), ...others()]);
}

/** Chooses any person. The first choice is that of the page. */
export function anyonePicker(label: string): PersonPicker {
  return pickerOf(label, [...(me ? [me] : []), ...others(), newcomer()]);
}

function pickerOf(label: string, offered: readonly Person[]): PersonPicker {
  const select = h('select', {}, ...offered.map(({ id, name }) => h('option', { value: String(id) }, name)));
  return {
    element: h('label', {}, label, select),
    chosen: () => offered[select.selectedIndex] ?? newcomer(),
  };
}

function others(): readonly Person[] {
  return people.filter(({ id }) => id !== me?.id);
}
