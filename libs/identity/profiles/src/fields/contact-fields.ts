import { isEmail } from 'class-validator';
import { isPublicName, parseUrl } from '@countersign/text';

export const MAX_URL_LENGTH = 1_024;
export const MAX_EMAIL_LENGTH = 254;

/**
 * The normal form of an https URL, or `null` for other text. Credentials are refused: they would be shown. So are
 * hosts that are no public names: a page that shows a picture would call them.
 */
export function readHttpsUrl(input: string): string | null {
  if (input.length > MAX_URL_LENGTH || !/^https:\/\/[^\s\\]+$/i.test(input)) return null;
  const url = parseUrl(input);
  if (!url) return null;
  const isShown = url.username === '' && url.password === '' && isPublicName(url.hostname);
  return isShown && url.href.length <= MAX_URL_LENGTH ? url.href : null;
}

/** The normal form of the URL of a picture, https or ipfs, or `null` for other text. */
export function readPictureUrl(input: string): string | null {
  const isIpfs = input.length <= MAX_URL_LENGTH && /^ipfs:\/\/[\w-]+(?:\/[\w.~%-]+)*$/.test(input);
  return isIpfs ? input : readHttpsUrl(input);
}

/** An e-mail address with its domain in lower case, or `null` for other text. */
export function readEmail(input: string): string | null {
  const address = input.normalize('NFC');
  // A quoted local part can have any character, and few programs read it correctly.
  if (address.length > MAX_EMAIL_LENGTH || /["\p{C}\p{Default_Ignorable_Code_Point}]/u.test(address))
    return null;
  if (!isEmail(address)) return null;
  const at = address.lastIndexOf('@');
  return address.slice(0, at) + address.slice(at).toLowerCase();
}
