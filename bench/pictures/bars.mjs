import { inWords } from './numbers.mjs';
import { axisFor } from './scale.mjs';
import { line, picture, rectangle, text, WIDTH } from './svg.mjs';

const LEFT = 230;
const RIGHT = WIDTH - 110;
const TOP = 52;
const ROW = 24;
const BAR = 14;
const GROUP = 26;
const NOTE = 18;

/**
 * @typedef {object} Bar
 * @property {string} label
 * @property {number} value
 * @property {number} [least] where its spread begins
 * @property {number} [most] where it ends
 * @property {'ours' | 'second' | 'other'} tone
 * @property {readonly number[]} [marks] across this bar: what it means to reach
 */

/**
 * Bars beside each other, with the spread of each as a line, on one axis.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.unit of all values, as the axis tells it
 * @param {readonly { name?: string, bars: readonly Bar[] }[]} options.groups
 * @param {readonly number[]} [options.limits] across all bars
 * @param {readonly string[]} [options.notes] below
 */
export function barPicture({ title, unit, groups, limits = [], notes = [] }) {
  const bars = groups.flatMap((group) => group.bars);
  const values = bars.flatMap(({ value, least, most, marks = [] }) => [
    value,
    least ?? value,
    most ?? value,
    ...marks,
  ]);
  const axis = axisFor([...values, ...limits]);
  const at = (value) => LEFT + axis.share(value) * (RIGHT - LEFT);

  const drawn = [];
  let y = TOP;
  for (const { name, bars: own } of groups) {
    if (name !== undefined) {
      drawn.push(text(name, { x: 16, y: y + GROUP - 8 }));
      y += GROUP;
    }
    for (const bar of own) {
      drawn.push(...drawBar(bar, y, at));
      y += ROW;
    }
  }
  const floor = y + 4;
  const told = [
    unit,
    ...(axis.isLog ? ['logarithmic: each line is ten times the one before'] : []),
    ...notes,
  ];
  const parts = [
    text(title, { x: 16, y: 28, kind: 'head' }),
    ...axis.ticks.flatMap((tick) => [
      line('grid', [at(tick), TOP - 4], [at(tick), floor]),
      text(inWords(tick), { x: at(tick), y: floor + 16, middle: true, kind: 'faint' }),
    ]),
    ...drawn,
    ...limits.flatMap((limit) => drawLimit(at(limit), TOP - 4, floor)),
    ...told.map((words, index) => text(words, { x: LEFT, y: floor + 36 + index * NOTE, kind: 'faint' })),
  ];
  const description = [
    ...groups.map(({ name, bars: own }) => [name, own.map(inOneWord).join(', ')].filter(Boolean).join(': ')),
    ...told,
  ].join('. ');
  return picture({ title, description, height: floor + 32 + told.length * NOTE, parts });
}

/** On a bar too it has to be seen. */
function drawLimit(x, from, to) {
  return ['halo', 'limit'].map((kind) => line(kind, [x, from], [x, to]));
}

function drawBar({ label, value, least, most, tone, marks = [] }, y, at) {
  const top = y + (ROW - BAR) / 2;
  const middle = y + ROW / 2;
  const cap = (end) => line('spread', [at(end), middle - 4], [at(end), middle + 4]);
  return [
    text(label, { x: LEFT - 10, y: middle + 4, end: true }),
    rectangle(tone, { x: LEFT, y: top, width: at(value) - LEFT, height: BAR }),
    ...(least === undefined || most === undefined
      ? []
      : [line('spread', [at(least), middle], [at(most), middle]), cap(least), cap(most)]),
    ...marks.flatMap((mark) => drawLimit(at(mark), y + 1, y + ROW - 1)),
    text(inWords(value), { x: WIDTH - 16, y: middle + 4, end: true }),
  ];
}

function inOneWord({ label, value, least, most }) {
  const spread = least === undefined || most === undefined ? '' : ` (${inWords(least)} to ${inWords(most)})`;
  return `${label} ${inWords(value)}${spread}`;
}
