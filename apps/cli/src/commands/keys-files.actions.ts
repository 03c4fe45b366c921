import { writeFile } from 'node:fs/promises';
import { keyManagement, keyRingSource } from '@countersign/config';
import type { Plain } from '../command';
import { UsageError } from '../usage';

/** For its owner only. Overwrites nothing. */
export async function writeRing(file: string, document: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
}

export const wrap: Plain = async (call, { environment }) => {
  if (keyManagement(environment) === null) throw new UsageError('KMS_URL is missing.');
  const clear = await keyRingSource({ ...environment, KMS_URL: undefined }).open();
  const file = call.required('out');
  await writeRing(file, await keyRingSource(environment).store(clear));
  const text = `Wrote ${file}: set KEYS_FILE to it. Keep the ring in clear as your escrow, apart from all of this.`;
  return { json: { file }, text };
};

export const escrow: Plain = async (call, { environment }) => {
  const file = call.required('out');
  await writeRing(file, await keyRingSource(environment).open());
  return { json: { file }, text: `Wrote ${file}, in clear. Move it to where the escrow is kept.` };
};
