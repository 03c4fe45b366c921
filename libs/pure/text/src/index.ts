export { browserName } from './browser-name';
export {
  decodeBase64,
  decodeBase64url,
  decodeHex,
  decodeUtf8,
  decodeVisibleText,
  formDecoded,
} from './encoding';
export {
  exactId,
  readJsonBytes,
  readJsonMembers,
  jsonSourceOf,
  readJsonObject,
  type JsonMember,
  type JsonMembers,
  type JsonObject,
} from './json-members';
export { jsonString, visitJson } from './json-text';
export { isInRange, readIpAddress, readIpRange, type IpAddress } from './ip-address';
export { parseUrl } from './parse-url';
export { isDnsName, isInsideName, isPublicName } from './public-name';
export { foldConfusables, foldLookAlikes } from './look-alikes';
export { hasOneScriptPerWord } from './one-script';
export { countGraphemes, readText, type TextBounds, type TextRefusal } from './readable-text';
export { byteLength, hasControlCharacter, hasLoneSurrogate, isLongerThan } from './text-rules';
export { Registry, type Declared, type NamesOf } from './registry';
