import type { ExportSection } from '@countersign/users';

/** What an export says besides its sections. */
export interface ExportHead {
  readonly version: 1;
  readonly userId: string;
  readonly exportedAt: string;
}

/** How many characters are collected before they are written. */
const CHUNK = 16_384;

/** The text of an export, piece by piece: `docs/export.schema.json` describes it. */
export async function* exportText(
  head: ExportHead,
  sections: readonly ExportSection[],
): AsyncGenerator<string> {
  let text = `${JSON.stringify(head).slice(0, -1)},"sections":{`;
  for (const [index, { name, meaning, retention, items }] of sections.entries()) {
    const described = JSON.stringify({ meaning, retention }).slice(0, -1);
    text += `${index === 0 ? '' : ','}${JSON.stringify(name)}:${described},"items":[`;
    let separator = '';
    for await (const item of items) {
      text += separator + JSON.stringify(item);
      separator = ',';
      if (text.length < CHUNK) continue;
      yield text;
      text = '';
    }
    text += ']}';
  }
  yield `${text}}}\n`;
}
