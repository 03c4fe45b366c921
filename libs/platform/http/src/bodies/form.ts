import { requestError } from '../http.errors';
import { invalidField } from '../input/field-error';
import { formDecoded } from '@countersign/text';

export type Form = ReadonlyMap<string, string>;

/** Another name may be a misplaced token, so it must not be echoed. */
const TELLABLE_NAME = /^[a-z_]{1,40}$/;

/** A proxy may have checked the other one of two equal names, so duplicates are refused (RFC 6749, appendix B). */
export function parseForm(text: string): Form {
  const form = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const [rawName = '', ...rawValue] = pair.split('=');
    const [name, value] = [formDecoded(rawName), formDecoded(rawValue.join('='))];
    if (name === undefined || value === undefined) throw requestError('request.malformed_form');
    if (form.has(name))
      throw invalidField(TELLABLE_NAME.test(name) ? name : '', 'duplicate', 'must not occur twice');
    form.set(name, value);
  }
  return form;
}
