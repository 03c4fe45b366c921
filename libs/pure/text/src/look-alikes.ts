/** Equal for names of `a-z`, `0-9` and `_` that look alike: 0 and o; 1, l and i; rn and m. */
export function foldLookAlikes(name: string): string {
  return name.replaceAll('0', 'o').replaceAll(/[1i]/g, 'l').replaceAll('rn', 'm');
}

/**
 * Cyrillic and Greek lower-case letters with the Latin letters that they or their capitals look like: a choice from
 * `confusables.txt` of Unicode Technical Standard 39. Capitals count, since names are compared without case.
 */
const LATIN: Readonly<Record<string, string>> = {
  ...letters('авеѕіјкмнорстухһԁԛԝѵүӏ', 'abesijkmhopctyxhdqwvyl'),
  ...letters('αβεζηικμνορτυχγϲϳ', 'abezhikmnoptyxycj'),
};

/** Joiners and variation selectors. Without them a text looks almost the same. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Equal for texts that differ only in case, invisible characters or look-alike letters. NFD; accents stay. */
export function foldConfusables(text: string): string {
  const seen = text.replaceAll(INVISIBLE, '').normalize('NFKC');
  // "ß" becomes "SS" as a capital, and "ẞ" only by way of "ß".
  const folded = seen.toLowerCase().toUpperCase().toLowerCase().normalize('NFD').replaceAll('ς', 'σ');
  return folded.replaceAll(/[\u0370-\u052f]/gu, (letter) => LATIN[letter] ?? letter);
}

function letters(from: string, to: string): Record<string, string> {
  const latin = [...to];
  return Object.fromEntries([...from].map((letter, index) => [letter, latin[index] ?? letter]));
}
