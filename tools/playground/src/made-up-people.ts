type MadeUpPerson = ReturnType<typeof person>;

/** Telegram allows 52 bits for ids and is far below these, so no real person has one of them. */
export const FIRST_ID = 4_000_000_000_000_000;
export const LAST_ID = 4_000_000_999_999_999;

export const people = [
  person(1, 'Ada', 'Lovelace'),
  person(2, 'Grace', 'Hopper'),
  person(3, 'Alan', 'Turing'),
  person(4, 'Hedy', 'Lamarr'),
  person(5, 'Katherine', 'Johnson'),
];

export function personOf(id: number): MadeUpPerson {
  return people.find((known) => known.id === id) ?? person(id - FIRST_ID, 'Newcomer', String(id).slice(-4));
}

function person(number: number, first: string, last: string) {
  const id = FIRST_ID + number;
  const username = `${first}_${String(id).slice(-9)}`.toLowerCase();
  return { id, first_name: first, last_name: last, username, language_code: 'en' };
}
