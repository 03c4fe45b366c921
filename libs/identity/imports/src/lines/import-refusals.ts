/** Why a line of an import created no account: the codes of `invalid` and `conflict`. Public, listed in docs/import.md. */
export const importRefusals = {
  'import.line_too_long': 'The line is longer than 16 KiB.',
  'import.not_utf8': 'The line is not UTF-8.',
  'import.not_json': 'The line is not one JSON object, or a member occurs twice in it.',
  'import.member_unknown': 'An import knows no such member.',
  'import.member_missing': 'The line has no `telegramId`.',
  'import.member_invalid': 'The value of `member` has another type, form or length.',
  'import.external_id_taken': 'Another Telegram id of this import has the external id.',
  'import.external_id_differs': 'The Telegram id was imported with another external id.',
  'import.person_gone':
    'The import had the person before, and the account was erased or the identity has left it.',
} as const;

export type ImportRefusal = keyof typeof importRefusals;
