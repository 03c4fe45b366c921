const KEY_ID = /^[a-z0-9]{1,16}$/;

/** Whether `text` can name a key: at most 16 lower-case letters and digits, so none of `_` and `:`. */
export function isKeyId(text: string): boolean {
  return KEY_ID.test(text);
}
