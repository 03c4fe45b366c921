import { keyRingSource } from '@countersign/config';
import { extendKeyRing, KEY_PURPOSES, KeyRing } from '@countersign/crypto';
import { KeyRotation, Rewrapping, type KeysStatus } from '@countersign/keys';
import type { Connected } from '../command';
import { UsageError } from '../usage';
import { writeRing } from './keys-files.actions';

export const status: Connected = async (_call, app) => {
  const found = await app.get(KeyRotation).status();
  return { json: jsonOf(found), text: linesOf(found).join('\n') };
};

export const add: Connected = async (call, app, { environment }) => {
  const purpose = KEY_PURPOSES.find((known) => known === call.positionals[0]);
  if (purpose === undefined) throw new UsageError(`<purpose> must be one of ${KEY_PURPOSES.join(', ')}.`);
  const source = keyRingSource(environment);
  const { document, id } = extendKeyRing(await source.open(), purpose);
  const file = call.required('out');
  await writeRing(file, await source.store(document));
  const key = KeyRing.parse(JSON.stringify(document)).find(purpose, id);
  if (key) await app.get(KeyRotation).add(key);
  const text = [
    `Wrote ${file} with the ${purpose} key ${id}. Nothing uses it yet.`,
    `Restart every replica with this ring, and then: countersign keys rotate ${id}`,
  ];
  return { json: { keyId: id, purpose, file }, text: text.join('\n') };
};

export const rotate: Connected = async (call, app) => {
  const { keyId, formerId } = await app.get(KeyRotation).rotate(call.positionals[0] ?? '');
  const text =
    formerId === null
      ? `Key ${keyId} is active already`
      : `Key ${keyId} is active; ${formerId} still opens what it sealed, until it is retired`;
  return { json: { keyId, formerId }, text };
};

export const rewrap: Connected = async (_call, app) => {
  const { done, remaining } = await app.get(Rewrapping).runToEnd();
  const rest = remaining === 0 ? 'none remains' : `${remaining} remain: run it again, or see the log`;
  return { json: { done, remaining }, text: `${done} values are at the active keys now; ${rest}` };
};

export const retire: Connected = async (call, app) => {
  const keyId = call.positionals[0] ?? '';
  await app.get(KeyRotation).retire(keyId, call.has('end-sessions'));
  const text = `Key ${keyId} is retired: the ring may leave it out. Backups made before still need it.`;
  return { json: { keyId }, text };
};

export const drop: Connected = async (call, app) => {
  const keyId = call.positionals[0] ?? '';
  await app.get(KeyRotation).drop(keyId);
  return { json: { keyId }, text: `Key ${keyId} is taken back: leave it out of the ring.` };
};

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
