export { decodeBase64url, decodeUtf8 } from './encoding';
export { exactId, readJsonBytes, readJsonMembers, type JsonMember, type JsonMembers } from './json-members';
export { jsonSourceOf, readJsonObject, type JsonObject } from './json-object';
export { jsonString, visitJson } from './json-text';
export { formDecoded } from './form-decoded';
export { foldConfusables, foldLookAlikes } from './look-alikes';
export { hasOneScriptPerWord } from './one-script';
export { countGraphemes, readText, type TextBounds, type TextRefusal } from './readable-text';
export { hasControlCharacter, hasLoneSurrogate, isLongerThan } from './text-rules';
