import type { INestApplicationContext } from '@nestjs/common';
import { doorsInUse, type DoorClass, type ExplainedDoor, type VerifiedProof } from '@countersign/auth';
import type { Call } from './call';
import { UsageError } from './errors';

const explainable = doorsInUse.all.flatMap((door) => {
  const { name, explain } = door.declaration;
  return explain ? [{ door, name, ...explain }] : [];
});

/** Each kind of proof has an option that ends in `-stdin`. */
export const inputs: readonly string[] = [...new Set(explainable.map(({ input }) => input))];
export const proofOptions: readonly string[] = [
  ...new Set(['bot', ...explainable.flatMap(({ options }) => options)]),
];

/** Checks a proof as its door does, and does not consume it. */
export async function verifyProof(
  app: INestApplicationContext,
  call: Call,
  input: string,
  applicationId: string,
): Promise<VerifiedProof> {
  const door = app.get<ExplainedDoor>(doorOf(input, call));
  const text = await call.terminal.readInput();
  const option = (name: string) => call.optional(name);
  return (await door.open(await door.fromPasted({ applicationId, text, option }))).proof;
}

/** If several doors take the input, the provider decides by their names. */
function doorOf(input: string, call: Call): DoorClass {
  const [first, ...others] = explainable.filter((known) => known.input === input);
  if (!first) throw new Error(`no door is for ${input}`);
  if (others.length === 0) return first.door;
  const isThirdParty = call.has('third-party');
  const name = `${call.required('provider')}-${isThirdParty ? 'third-party-' : ''}${input}`;
  const meant = [first, ...others].find((known) => known.name === name);
  if (!meant) throw new UsageError('--third-party is for Telegram only.');
  if (isThirdParty) call.required('bot');
  return meant.door;
}
