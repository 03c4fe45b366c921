import { readFile, writeFile } from 'node:fs/promises';
import { FakeOidcKeys, type FakeOidcPems } from '../oidc/fake-oidc-keys';
import { FakeTelegram } from '../fake-telegram';

/** The private keys of a fake Telegram, in PKCS #8. */
export interface FakeTelegramKeys {
  /** The Ed25519 key that signs init data of the production environment. */
  readonly initData: string;
  /** The keys that sign id tokens, one for each algorithm. */
  readonly oidc: FakeOidcPems;
}

/** Reads the keys from a file. The first call creates it for its owner only. @throws Error for other content */
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

/** Checks `initData`, because the constructor would replace a missing key with a new one. */
function readKeys(text: string, file: string): FakeTelegramKeys {
  try {
    const { initData, oidc } = JSON.parse(text) as FakeTelegramKeys;
    if (initData)
      return { initData: new FakeTelegram(initData).privateKeyPem, oidc: new FakeOidcKeys(oidc).pems };
  } catch {
    // The error below reports it.
  }
  throw new Error(`${file} does not hold the keys of a fake Telegram: name another file, or delete it.`);
}
