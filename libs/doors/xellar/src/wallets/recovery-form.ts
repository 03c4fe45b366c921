import type { FormFile } from '@countersign/http';
import { xellarError } from '../xellar.errors';
import type { ExpireDates } from '../sign-in/expire-date';

const FILE_NAME = /\.xellar$/i;
const PIN = /^\d{6}$/;
const MAX_SECRET = 1_000;
const MAX_DATE = 40;

export interface RecoveryForm extends ExpireDates {
  readonly secret: string;
}

/** @throws AppError xellar.recovery_file_required, xellar.recovery_pin_malformed, xellar.expire_date_invalid */
export function readRecoveryForm(body: unknown): RecoveryForm {
  const form: ReadonlyMap<string, string | FormFile> = body instanceof Map ? body : new Map();
  const file = form.get('file');
  if (typeof file !== 'object' || !FILE_NAME.test(file.name) || file.text.length > MAX_SECRET)
    throw xellarError('xellar.recovery_file_required');
  const pin = form.get('pin');
  if (pin !== undefined && !(typeof pin === 'string' && PIN.test(pin)))
    throw xellarError('xellar.recovery_pin_malformed');
  const dates = ['expireDate', 'expiredDate'].flatMap((name) => {
    const text = form.get(name);
    if (text === undefined) return [];
    if (typeof text !== 'string' || text.length > MAX_DATE) throw xellarError('xellar.expire_date_invalid');
    return [[name, text]];
  });
  return { ...(Object.fromEntries(dates) as ExpireDates), secret: file.text.trim() };
}
