import { Sentence } from '../../scripts/lib/main.mjs';

/**
 * A piece of the document that is made from figures: it stands between `<!-- figures:name -->` and
 * `<!-- /figures:name -->`.
 *
 * @typedef {object} Section
 * @property {string} name
 * @property {string} markdown
 * @property {string} [svg] its picture
 * @property {string} [alt] of the picture
 */

/** Where the pictures lie, beside the document. */
export const PICTURES = 'performance';

/**
 * The document with these sections made anew, and the others as they were.
 *
 * @param {string} document
 * @param {readonly Section[]} sections
 * @throws {Sentence} when the document has no place for one of them
 */
export function withSections(document, sections) {
  return sections.reduce((text, { name, markdown, svg, alt }) => {
    const [start, end] = [`<!-- figures:${name} -->`, `<!-- /figures:${name} -->`];
    const from = text.indexOf(start);
    const to = text.indexOf(end, from);
    if (from === -1 || to === -1)
      throw new Sentence(`The document has no place for "${name}": ${start} ${end}`);
    const shown = svg === undefined ? [] : [`![${inBrackets(alt ?? name)}](${PICTURES}/${name}.svg)`];
    const content = [start, ...shown, markdown].join('\n\n');
    return `${text.slice(0, from)}${content}\n\n${text.slice(to)}`;
  }, document);
}

function inBrackets(alt) {
  return alt.replace(/[[\]\\]/g, '\\$&').replace(/\s+/g, ' ');
}
