import { v7 as uuidv7 } from 'uuid';

const SANE_REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export function requestIdOf(presented: string | string[] | undefined): string {
  return typeof presented === 'string' && SANE_REQUEST_ID.test(presented) ? presented : uuidv7();
}
