export { exactId, readJsonMembers, type JsonMember, type JsonMembers } from './json-members';
export { formDecoded } from './form-decoded';
export { hasControlCharacter, hasLoneSurrogate, isLongerThan } from './text-rules';
