import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { FakeOidcKeys, type FakeOidcPems } from '../oidc/fake-oidc-keys';
import { FakeTelegram } from '../fake-telegram';

/** The private keys of a fake Telegram, in PKCS #8. */
export interface FakeTelegramKeys {
  /** Signs init data of the production environment: Ed25519. */
  readonly initData: string;
  /** Sign id tokens: one for each algorithm. */
  readonly oidc: FakeOidcPems;
}

/**
 * The keys in a file, created on the first call, readable by the owner only. @throws Error for other content
 */
export async function keepFakeTelegramKeys(file: string): Promise<FakeTelegramKeys> {
  const made: FakeTelegramKeys = {
    initData: new FakeTelegram().privateKeyPem,
    oidc: new FakeOidcKeys().pems,
  };
  try {
    await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readKeys(await readFile(file, 'utf8'), file);
}

/** A missing key would be created anew: only keys that round-trip were stored. */
function readKeys(text: string, file: string): FakeTelegramKeys {
  const keys = restore(text);
  if (!keys)
    throw new Error(`${file} does not hold the keys of a fake Telegram: name another file, or delete it.`);
  return keys;
}

function restore(text: string): FakeTelegramKeys | null {
  try {
    const stored = JSON.parse(text) as FakeTelegramKeys;
    const keys: FakeTelegramKeys = {
      initData: new FakeTelegram(stored.initData).privateKeyPem,
      oidc: new FakeOidcKeys(stored.oidc).pems,
    };
    return isDeepStrictEqual(keys, stored) ? keys : null;
  } catch {
    return null;
  }
}
