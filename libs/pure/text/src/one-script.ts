/** Scripts in modern use: the recommended and limited ones of Unicode Standard Annex 31, tables 5 and 7. */
const SCRIPTS =
  'Latin Cyrillic Greek Arabic Hebrew Han Hiragana Katakana Hangul Bopomofo Thai Devanagari Armenian Georgian Bengali ' +
  'Ethiopic Gujarati Gurmukhi Kannada Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Tibetan ' +
  'Adlam Balinese Bamum Batak Canadian_Aboriginal Chakma Cham Cherokee Hanifi_Rohingya Javanese Kayah_Li Lepcha Limbu ' +
  'Lisu Mandaic Meetei_Mayek Miao Mongolian New_Tai_Lue Newa Nko Nyiakeng_Puachue_Hmong Ol_Chiki Osage Saurashtra ' +
  'Sundanese Syloti_Nagri Syriac Tai_Le Tai_Tham Tai_Viet Tifinagh Vai Wancho Yi';

/** These are written together in one word: Unicode Technical Standard 39, section 5.1. */
const MIXTURES = ['Han Hiragana Katakana', 'Han Hangul', 'Han Bopomofo'];

const GROUPS = [...SCRIPTS.split(' '), ...MIXTURES].map((scripts) => {
  const own = scripts.split(' ').map((script) => String.raw`\p{scx=${script}}`);
  return new RegExp(String.raw`^[${own.join('')}\p{sc=Common}\p{sc=Inherited}]+$`, 'u');
});

/** Whether no word mixes scripts, as "pаypal" with a Cyrillic "а" does. White space separates words. */
export function hasOneScriptPerWord(text: string): boolean {
  return text.split(/\s+/u).every((word) => word === '' || GROUPS.some((group) => group.test(word)));
}
