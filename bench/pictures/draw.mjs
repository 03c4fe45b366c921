const WIDTH = 820;
/** Of bars: the columns of the picture, and heights. */
const [LEFT, RIGHT, TOP, ROW, BAR, GROUP, NOTE] = [230, WIDTH - 110, 52, 24, 14, 26, 18];
/** From this ratio of values on an axis is logarithmic: the small ones would be invisible beside the largest. */
const LOGARITHMIC_FROM = 30;

/** By selector: the property, and its colour on a light and on a dark page. */
const COLOURS = [
  ['text', 'fill', '#1f2328', '#f0f6fc'],
  ['.paper', 'fill', '#ffffff', '#0d1117'],
  ['.faint', 'fill', '#59636e', '#9198a1'],
  ['.grid', 'stroke', '#d1d9e0', '#3d444d'],
  ['.ours', 'fill', '#0969da', '#4493f8'],
  ['.second', 'fill', '#bf8700', '#d29922'],
  ['.other', 'fill', '#9aa4af', '#656c76'],
  ['.spread', 'stroke', '#1f2328', '#f0f6fc'],
  ['.halo', 'stroke', '#ffffff', '#0d1117'],
  ['.limit', 'stroke', '#cf222e', '#f85149'],
  ['.curve', 'stroke', '#0969da', '#4493f8'],
];
const colours = (theme) =>
  COLOURS.map((row) => `${row[0]} { ${row[1]}: ${row[theme + 2]} }`).join('\n      ');
const STYLE = `
    text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
    .head { font-size: 15px; font-weight: 600 }
    .faint { font-size: 12px }
    .spread, .limit, .curve { stroke-width: 1.5; fill: none }
    .halo { stroke-width: 4 }
    .limit { stroke-dasharray: 5 3 }
      ${colours(0)}
    @media (prefers-color-scheme: dark) {
      ${colours(1)}
    }`;

/** Three significant digits below a hundred, whole and in groups of three above. @param {number} value */
export function inWords(value) {
  if (!Number.isFinite(value)) return 'not known';
  const size = Math.abs(value);
  if (size >= 100) return grouped(value);
  return size === 0 ? '0' : String(Number(value.toPrecision(size < 1 ? 2 : 3)));
}

export const grouped = (value) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `digits`: decimals. */
export const fixed = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : 'not known');

/**
 * Bars beside each other, with the spread of each as a line, on one axis.
 *
 * @typedef {{ label: string, value: number, least?: number, most?: number, tone: 'ours' | 'second' | 'other', marks?: number[] }} Bar
 *   with its spread, and the targets that are drawn across it alone
 * @param {{ title: string, unit: string, groups: { name?: string, bars: Bar[] }[], limits?: number[], notes?: string[] }} options
 *   the limits are drawn across all bars, the notes below
 */
export function barPicture({ title, unit, groups, limits = [], notes = [] }) {
  const values = groups.flatMap(({ bars }) =>
    bars.flatMap(({ value, least = value, most = value, marks = [] }) => [value, least, most, ...marks]),
  );
  const axis = axisFor([...values, ...limits]);
  const at = (value) => LEFT + axis.share(value) * (RIGHT - LEFT);
  const drawn = [];
  let y = TOP;
  for (const { name, bars } of groups) {
    if (name !== undefined) drawn.push(text(name, 16, (y += GROUP) - 8));
    for (const bar of bars) {
      drawn.push(drawBar(bar, y, at));
      y += ROW;
    }
  }
  const floor = y + 4;
  const below = [unit, axis.isLog && 'logarithmic: each line is ten times the one before', ...notes].filter(
    Boolean,
  );
  const ofGroup = ({ name, bars }) =>
    `${name === undefined ? '' : `${name}: `}${bars.map(describeBar).join(', ')}`;
  return picture(title, [...groups.map(ofGroup), ...below], floor + 32 + below.length * NOTE, [
    ...axis.ticks.flatMap((tick) => [
      line('grid', at(tick), TOP - 4, at(tick), floor),
      text(inWords(tick), at(tick), floor + 16, 'faint', 'middle'),
    ]),
    ...drawn,
    ...limits.map((limit) => drawLimit(at(limit), TOP - 4, floor)),
    ...below.map((words, index) => text(words, LEFT, floor + 36 + index * NOTE, 'faint')),
  ]);
}

/** Quantities over time: one panel for each, from zero on. */
export function curvePicture({ title, time, times, panels }) {
  const [left, right, top, height, gap] = [70, WIDTH - 24, 66, 110, 40];
  const across = linear(times.at(-1) ?? 0);
  const x = (value) => left + across.share(value) * (right - left);
  const bottom = top + panels.length * (height + gap) - gap;
  const drawn = panels.flatMap(({ name, values }, index) => {
    const up = linear(Math.max(...values));
    const floor = top + index * (height + gap) + height;
    const y = (value) => floor - up.share(value) * height;
    const points = values.map((value, at) => `${tenth(x(times[at]))},${tenth(y(value))}`);
    return [
      text(name, left, floor - height - 8, 'faint'),
      ...up.ticks.flatMap((tick) => [
        line('grid', left, y(tick), right, y(tick)),
        text(inWords(tick), left - 8, y(tick) + 4, 'faint', 'end'),
      ]),
      `<polyline class="curve" points="${points.join(' ')}"/>`,
    ];
  });
  const ofPanel = ({ name, values }) =>
    `${name}: from ${inWords(values[0])} to ${inWords(values.at(-1))}, at most ${inWords(Math.max(...values))}`;
  return picture(title, [...panels.map(ofPanel), `over ${inWords(times.at(-1))} ${time}`], bottom + 48, [
    ...drawn,
    ...across.ticks.map((tick) => text(inWords(tick), x(tick), bottom + 18, 'faint', 'middle')),
    text(time, left, bottom + 36, 'faint'),
  ]);
}

/** It follows the reader's choice of light or dark, and paints its own background, since the page around it may not. */
function picture(title, description, height, drawn) {
  const paper = rectangle('paper', 0, 0, WIDTH, height);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
  <title id="title">${escaped(title)}</title>
  <desc id="description">${escaped(description.join('. '))}</desc>
  <style>${STYLE}
  </style>
  ${[paper, text(title, 16, 28, 'head'), ...drawn].join('\n  ')}
</svg>
`;
}

function drawBar({ label, value, least, most, tone, marks = [] }, y, at) {
  const middle = y + ROW / 2;
  const cap = (end) => line('spread', at(end), middle - 4, at(end), middle + 4);
  return [
    text(label, LEFT - 10, middle + 4, undefined, 'end'),
    rectangle(tone, LEFT, y + (ROW - BAR) / 2, at(value) - LEFT, BAR),
    ...(least === undefined
      ? []
      : [line('spread', at(least), middle, at(most), middle), cap(least), cap(most)]),
    ...marks.map((mark) => drawLimit(at(mark), y + 1, y + ROW - 1)),
    text(inWords(value), WIDTH - 16, middle + 4, undefined, 'end'),
  ].join('\n  ');
}

/** With a halo, to be seen on a bar too. */
const drawLimit = (x, from, to) => ['halo', 'limit'].map((kind) => line(kind, x, from, x, to)).join('\n  ');

function describeBar({ label, value, least, most }) {
  return `${label} ${inWords(value)}${least === undefined ? '' : ` (${inWords(least)} to ${inWords(most)})`}`;
}

/** From zero on, or logarithmic where values span orders of magnitude. */
function axisFor(values) {
  const most = Math.max(0, ...values);
  const least = Math.min(...values.filter((value) => value > 0), most);
  if (most === 0) return linear(1);
  return most / least >= LOGARITHMIC_FROM ? logarithmic(least, most) : linear(most);
}

function linear(most) {
  const step = niceStep(most / 5);
  const end = Math.ceil(most / step - 1e-9) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
  return { isLog: false, ticks, share: (value) => within(value / end) };
}

function logarithmic(least, most) {
  // Below the least value, so that its bar has a length too.
  const start = Math.floor(Math.log10(least / 1.5));
  const end = Math.log10(most * 1.05);
  const ticks = Array.from({ length: Math.floor(end) - start + 1 }, (_, index) => 10 ** (start + index));
  const share = (value) => (value > 0 ? within((Math.log10(value) - start) / (end - start)) : 0);
  return { isLog: true, ticks, share };
}

function niceStep(wanted) {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 2.5, 5].find((factor) => factor * power >= wanted * (1 - 1e-9)) ?? 10) * power;
}

const within = (share) => Math.min(1, Math.max(0, share));
const tenth = (value) => Math.round(value * 10) / 10;

function text(words, x, y, kind, anchor) {
  const attributes = `${kind ? ` class="${kind}"` : ''} x="${tenth(x)}" y="${tenth(y)}"`;
  return `<text${attributes}${anchor ? ` text-anchor="${anchor}"` : ''}>${escaped(words)}</text>`;
}

function rectangle(kind, x, y, width, height) {
  return `<rect class="${kind}" x="${tenth(x)}" y="${tenth(y)}" width="${tenth(width)}" height="${tenth(height)}"/>`;
}

function line(kind, x1, y1, x2, y2) {
  return `<line class="${kind}" x1="${tenth(x1)}" y1="${tenth(y1)}" x2="${tenth(x2)}" y2="${tenth(y2)}"/>`;
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (words) => words.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]);
