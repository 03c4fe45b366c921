import { writeFile } from 'node:fs/promises';
import { extendKeyRing, generateKeyRing, KEY_PURPOSES, KeyRing } from '@countersign/crypto';
import type { KeysStatus } from '@countersign/keys';
import { command, group, needed } from '../declaration';
import { UsageError } from '../errors';

const OUT = '--out <file>';
const one = { '<keyId>': 'the key, as status names it' };

export const keys = group('keys', 'the key ring, which seals what is stored', {
  generate: command('make a key ring for KEYS_FILE', {
    [OUT]: 'write it to this file, for its owner only; overwrites nothing',
  }).plain(async (call) => {
    const document = generateKeyRing();
    const file = call.optional('out');
    if (file === undefined) return { json: document, text: JSON.stringify(document, null, 2) };
    await writeRing(file, document);
    const text = `Wrote ${file}. Keep a copy apart from the database: without it nothing in there can be read.`;
    return { json: { file }, text };
  }),
  status: command('show the keys, the replicas that know them, and how far rewrapping is').act(
    async (_call, app, { keyRotation }) => {
      const found = await app.get(keyRotation.KeyRotation).status();
      return { json: jsonOf(found), text: linesOf(found).join('\n') };
    },
  ),
  add: command('make one more key, which all replicas have to know before it can be used', {
    '<purpose>': 'sealing, index or token',
    [OUT]: needed('write the ring with it to this file; overwrites nothing'),
  }).act(async (call, app, { config, keyRotation }) => {
    const purpose = KEY_PURPOSES.find((known) => known === call.argument);
    if (purpose === undefined) throw new UsageError(`<purpose> must be one of ${KEY_PURPOSES.join(', ')}.`);
    const source = config.keyRingSource(call.terminal.environment);
    const { document, id } = extendKeyRing(await source.open(), purpose);
    const file = call.required('out');
    await writeRing(file, await source.store(document));
    const key = KeyRing.parse(JSON.stringify(document)).find(purpose, id);
    if (key) await app.get(keyRotation.KeyRotation).add(key);
    const text = [
      `Wrote ${file} with the ${purpose} key ${id}. Nothing uses it yet.`,
      `Restart every replica with this ring, and then: countersign keys rotate ${id}`,
    ];
    return { json: { keyId: id, purpose, file }, text: text.join('\n') };
  }),
  rotate: command('make a key active that all running replicas know', one).act(
    async (call, app, { keyRotation }) => {
      const { keyId, formerId } = await app.get(keyRotation.KeyRotation).rotate(call.argument);
      const text =
        formerId === null
          ? `Key ${keyId} is active already`
          : `Key ${keyId} is active; ${formerId} still opens what it sealed, until it is retired`;
      return { json: { keyId, formerId }, text };
    },
  ),
  rewrap: command('bring all stored values to the active keys now, instead of in the background').act(
    async (_call, app, { keyRotation }) => {
      const { done, remaining } = await app.get(keyRotation.Rewrapping).runToEnd();
      const rest = remaining === 0 ? 'none remains' : `${remaining} remain: run it again, or see the log`;
      return { json: { done, remaining }, text: `${done} values are at the active keys now; ${rest}` };
    },
  ),
  retire: command('end the use of a former key that nothing needs any more', {
    ...one,
    '--end-sessions': 'of a token key: sessions whose tokens it made sign in again',
  }).act(async (call, app, { keyRotation }) => {
    const { argument: keyId } = call;
    await app.get(keyRotation.KeyRotation).retire(keyId, call.has('end-sessions'));
    const text = `Key ${keyId} is retired: the ring may leave it out. Backups made before still need it.`;
    return { json: { keyId }, text };
  }),
  drop: command('take back a key that was added by mistake and never active', one).act(
    async ({ argument: keyId }, app, { keyRotation }) => {
      await app.get(keyRotation.KeyRotation).drop(keyId);
      return { json: { keyId }, text: `Key ${keyId} is taken back: leave it out of the ring.` };
    },
  ),
  wrap: command('wrap the secrets of a ring in clear by the service of KMS_URL', {
    [OUT]: needed('write the wrapped ring to this file; overwrites nothing'),
  }).plain(async (call) => {
    const { keyManagement, keyRingSource } = await import('../lazy/key-ring.js');
    const { environment } = call.terminal;
    if (keyManagement(environment) === null) throw new UsageError('KMS_URL is missing.');
    const clear = await keyRingSource({ ...environment, KMS_URL: undefined }).open();
    const file = call.required('out');
    await writeRing(file, await keyRingSource(environment).store(clear));
    const text = `Wrote ${file}: set KEYS_FILE to it. Keep the ring in clear as your escrow, apart from all of this.`;
    return { json: { file }, text };
  }),
  escrow: command('write the ring in clear, to be kept where neither the database nor the KMS is', {
    [OUT]: needed('write it to this file, for its owner only; overwrites nothing'),
  }).plain(async (call) => {
    const { keyRingSource } = await import('../lazy/key-ring.js');
    const file = call.required('out');
    await writeRing(file, await keyRingSource(call.terminal.environment).open());
    return { json: { file }, text: `Wrote ${file}, in clear. Move it to where the escrow is kept.` };
  }),
});

/** For its owner only. Overwrites nothing. */
async function writeRing(file: string, document: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
}

function jsonOf({ keys, replicas, progress }: KeysStatus): object {
  return {
    keys: keys.map(({ checkValue: _, ...key }) => ({ ...key, ...knowledgeOf(key, replicas) })),
    replicas: replicas.map(({ keys: known, ...replica }) => ({ ...replica, keys: Object.keys(known) })),
    progress: progress.map(({ position: _, ...rest }) => rest),
  };
}

function linesOf({ keys, replicas, progress }: KeysStatus): readonly string[] {
  return [
    ...keys.map((key) => {
      const { knownTo } = knowledgeOf(key, replicas);
      const { purpose, keyId, epoch, state, changedAt } = key;
      return `${purpose.padEnd(7)}  ${keyId}  epoch ${epoch}  ${state.padEnd(8)} since ${changedAt.toISOString()}  known to ${knownTo} of ${replicas.length} replicas`;
    }),
    ...replicas.map(
      ({ id, version, clockSkewSeconds, seenAt }) =>
        `replica  ${id}  version ${version}  clock ${clockSkewSeconds} s  seen ${seenAt.toISOString()}`,
    ),
    ...progress.map(
      ({ work, keyId, done, remaining, isComplete }) =>
        `rewrap   ${work}  to ${keyId}  ${done} done, ${remaining} remain${isComplete ? ', complete' : ''}`,
    ),
  ];
}

function knowledgeOf(
  { purpose, keyId }: Pick<KeysStatus['keys'][number], 'purpose' | 'keyId'>,
  replicas: KeysStatus['replicas'],
): { readonly knownTo: number } {
  return { knownTo: replicas.filter(({ keys }) => `${purpose}/${keyId}` in keys).length };
}
