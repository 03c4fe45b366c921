export { exactId, readJsonMembers, type JsonMember, type JsonMembers } from './json-members';
export { jsonSourceOf, readJsonObject, type JsonObject } from './json-object';
export { formDecoded } from './form-decoded';
export { hasControlCharacter, hasLoneSurrogate, isLongerThan } from './text-rules';
