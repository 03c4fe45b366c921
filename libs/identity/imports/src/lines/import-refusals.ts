/** Why a line of an import was not read: the codes of `invalid`. Public, listed in docs/import.md. */
export const importRefusals = {
  'import.line_too_long': 'The line is longer than 16 KiB.',
  'import.not_utf8': 'The line is not UTF-8.',
  'import.not_json': 'The line is not one JSON object, or a member occurs twice in it.',
  'import.member_unknown': 'An import knows no such member.',
  'import.member_missing': 'The line has no `telegramId`.',
  'import.member_invalid': 'The value of `member` has another type, form or length.',
} as const;

export type ImportRefusal = keyof typeof importRefusals;
