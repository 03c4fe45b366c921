import { inWords } from './numbers.mjs';
import { linear } from './scale.mjs';
import { curve, line, picture, text, WIDTH } from './svg.mjs';

const LEFT = 70;
const RIGHT = WIDTH - 24;
const TOP = 44;
const PANEL = 110;
const GAP = 40;

/**
 * What happened over time: one panel per quantity, one below the other, each from zero on.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.time unit of the times
 * @param {readonly number[]} options.times ascending
 * @param {readonly { name: string, values: readonly number[], limit?: number }[]} options.panels
 */
export function curvePicture({ title, time, times, panels }) {
  const across = linear(times.at(-1) ?? 0);
  const x = (value) => LEFT + across.share(value) * (RIGHT - LEFT);
  const parts = panels.flatMap(({ name, values, limit }, index) => {
    const top = TOP + 22 + index * (PANEL + GAP);
    const up = linear(Math.max(...values, limit ?? 0));
    const y = (value) => top + PANEL - up.share(value) * PANEL;
    return [
      text(name, { x: LEFT, y: top - 8, kind: 'faint' }),
      ...up.ticks.flatMap((tick) => [
        line('grid', [LEFT, y(tick)], [RIGHT, y(tick)]),
        text(inWords(tick), { x: LEFT - 8, y: y(tick) + 4, end: true, kind: 'faint' }),
      ]),
      ...(limit === undefined ? [] : [line('limit', [LEFT, y(limit)], [RIGHT, y(limit)])]),
      curve(
        'curve',
        values.map((value, at) => [x(times[at]), y(value)]),
      ),
    ];
  });
  const bottom = TOP + 22 + panels.length * (PANEL + GAP) - GAP;
  const description = panels.map(
    ({ name, values }) =>
      `${name}: from ${inWords(values[0] ?? 0)} to ${inWords(values.at(-1) ?? 0)}, at most ${inWords(Math.max(...values))}`,
  );
  return picture({
    title,
    description: [...description, `over ${inWords(times.at(-1) ?? 0)} ${time}`].join('. '),
    height: bottom + 48,
    parts: [
      text(title, { x: 16, y: 28, kind: 'head' }),
      ...parts,
      ...across.ticks.map((tick) =>
        text(inWords(tick), { x: x(tick), y: bottom + 18, middle: true, kind: 'faint' }),
      ),
      text(time, { x: LEFT, y: bottom + 36, kind: 'faint' }),
    ],
  });
}
