export { decodeBase64url, decodeUtf8 } from './encoding';
export { exactId, readJsonBytes, readJsonMembers, type JsonMember, type JsonMembers } from './json-members';
export { jsonSourceOf, readJsonObject, type JsonObject } from './json-object';
export { jsonString, visitJson } from './json-text';
export { formDecoded } from './form-decoded';
export { hasControlCharacter, hasLoneSurrogate, isLongerThan } from './text-rules';
