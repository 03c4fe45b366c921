export const WIDTH = 820;

const STYLE = `
    text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328 }
    .paper { fill: #ffffff }
    .head { font-size: 15px; font-weight: 600 }
    .faint { font-size: 12px; fill: #59636e }
    .grid { stroke: #d1d9e0 }
    .ours { fill: #0969da }
    .second { fill: #bf8700 }
    .other { fill: #9aa4af }
    .spread { stroke: #1f2328; stroke-width: 1.5 }
    .halo { stroke: #ffffff; stroke-width: 4 }
    .limit { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 5 3 }
    .curve { stroke: #0969da; stroke-width: 1.5; fill: none }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .paper { fill: #0d1117 }
      .faint { fill: #9198a1 }
      .grid { stroke: #3d444d }
      .ours { fill: #4493f8 }
      .second { fill: #d29922 }
      .other { fill: #656c76 }
      .spread { stroke: #f0f6fc }
      .halo { stroke: #0d1117 }
      .limit { stroke: #f85149 }
      .curve { stroke: #4493f8 }
    }`;

/**
 * A whole picture. It follows the reader's choice of light or dark and paints its own background, since the page around
 * it may not.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.description what the picture shows, for those who do not see it
 * @param {number} options.height
 * @param {readonly string[]} options.parts
 */
export function picture({ title, description, height, parts }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
  <title id="title">${escaped(title)}</title>
  <desc id="description">${escaped(description)}</desc>
  <style>${STYLE}
  </style>
  ${[rectangle('paper', { x: 0, y: 0, width: WIDTH, height }), ...parts].join('\n  ')}
</svg>
`;
}

/** @param {string} words @param {{ x: number, y: number, end?: boolean, middle?: boolean, kind?: string }} place */
export function text(words, { x, y, end, middle, kind }) {
  const anchor = end ? ' text-anchor="end"' : middle ? ' text-anchor="middle"' : '';
  return `<text${kind ? ` class="${kind}"` : ''} x="${tenth(x)}" y="${tenth(y)}"${anchor}>${escaped(words)}</text>`;
}

/** @param {string} kind @param {{ x: number, y: number, width: number, height: number }} box */
export function rectangle(kind, { x, y, width, height }) {
  return `<rect class="${kind}" x="${tenth(x)}" y="${tenth(y)}" width="${tenth(width)}" height="${tenth(height)}"/>`;
}

/** @param {string} kind @param {[number, number]} from @param {[number, number]} to */
export function line(kind, [x1, y1], [x2, y2]) {
  return `<line class="${kind}" x1="${tenth(x1)}" y1="${tenth(y1)}" x2="${tenth(x2)}" y2="${tenth(y2)}"/>`;
}

/** @param {string} kind @param {readonly [number, number][]} points */
export function curve(kind, points) {
  return `<polyline class="${kind}" points="${points.map(([x, y]) => `${tenth(x)},${tenth(y)}`).join(' ')}"/>`;
}

/** @param {string} words */
export function escaped(words) {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function tenth(value) {
  return Math.round(value * 10) / 10;
}
