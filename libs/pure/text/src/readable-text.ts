import { accepted, refused, type Result } from './errors/result';

/** The codes of fields in problem details. */
export type TextRefusal = 'bidirectional' | 'control_character' | 'empty' | 'mixed_scripts' | 'too_long';

/** Limits of text for people. Both are needed: a single cluster can have any number of marks. */
export interface TextBounds {
  /** Grapheme clusters: what people count as characters. */
  readonly maxGraphemes: number;
  /** In UTF-8. */
  readonly maxBytes: number;
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** More than the longest emoji sequence in use has. */
const MAX_CODE_POINTS_PER_GRAPHEME = 16;

/** Unicode Standard Annex 9, table 4. */
const BIDIRECTIONAL = /\p{Bidi_Control}/u;

/** Invisible characters. The group has those with a purpose in their context. Elsewhere they hide differences. */
const INVISIBLE = new RegExp(
  `(${[
    // A joined emoji, with skin tones and variation selectors.
    String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})`,
    // UAX 31, section 2.3: joiners between letters of scripts whose letters they shape.
    String.raw`(?<=[\p{scx=Arab}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}])[\u200c\u200d](?=[\p{L}\p{M}])`,
    // Flags of regions: a black flag with tag characters.
    String.raw`(?<=\u{1f3f4})[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}`,
    String.raw`(?<=[\p{Emoji}\u20e3])[\ufe0e\ufe0f]`,
    String.raw`(?<=\p{sc=Han})[\u{e0100}-\u{e01ef}]`,
  ].join('|')})|[\\p{C}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]`,
  'gu',
);

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

export function countGraphemes(text: string): number {
  return [...segmenter.segment(text)].length;
}

/** Removes characters that `readText` refuses as hidden, for a name that another program or platform supplies. */
export function withoutHidden(text: string): string {
  return text.replaceAll(INVISIBLE, (_hidden, inContext?: string) => inContext ?? '');
}

/** Normalises to NFC and single spaces. @returns refused with the first broken rule */
export function readText(input: string, bounds: TextBounds): Result<string, TextRefusal> {
  // Checked before normalisation and segmentation, which take time.
  if (Buffer.byteLength(input) > bounds.maxBytes) return refused('too_long');
  const text = input.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
  if (BIDIRECTIONAL.test(input)) return refused('bidirectional');
  if (withoutHidden(text) !== text) return refused('control_character');
  if (!VISIBLE.test(text)) return refused('empty');
  const graphemes = [...segmenter.segment(text)];
  const isLong =
    graphemes.length > bounds.maxGraphemes ||
    Buffer.byteLength(text) > bounds.maxBytes ||
    graphemes.some(({ segment }) => [...segment].length > MAX_CODE_POINTS_PER_GRAPHEME);
  return isLong ? refused('too_long') : accepted(text);
}
