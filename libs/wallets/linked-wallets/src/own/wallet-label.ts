import { requestError } from '@countersign/http';
import { readText, type TextBounds, type TextRefusal } from '@countersign/text';

const LABEL: TextBounds = { maxGraphemes: 64, maxBytes: 256 };

const details: Readonly<Record<TextRefusal, string>> = {
  bidirectional: 'must not have characters that change the direction of text',
  control_character: 'must not have control, invisible or unassigned characters',
  empty: 'must have something to see; null removes it',
  mixed_scripts: 'must not mix scripts within a word',
  too_long: 'must not be longer than 64 characters',
};

/** The name of a wallet in its normal form. @throws AppError request.invalid */
export function readLabel(input: string | null): string | null {
  if (input === null) return null;
  const text = readText(input, LABEL);
  if (text.ok) return text.value;
  throw requestError('request.invalid', {
    fields: [{ path: 'label', code: text.code, detail: details[text.code] }],
  });
}
