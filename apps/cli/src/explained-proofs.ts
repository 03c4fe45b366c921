import type { INestApplicationContext } from '@nestjs/common';
import { doors, type DoorClass, type ExplainedDoor } from '@countersign/auth';
import type { Call } from './call';
import { UsageError } from './errors';

export interface ExplainedProof {
  readonly assurance: string;
  /** `null` for an undated link. */
  readonly madeAt: Date | null;
}

interface Presented {
  readonly applicationId: string;
  /** Standard input, unchanged. */
  readonly text: string;
  readonly call: Call;
}

/**
 * Checks a proof as its door does, without using it up. Throws an AppError with the first rule that it fails.
 */
type Explain = (app: INestApplicationContext, presented: Presented) => Promise<ExplainedProof>;

const explainable = doors.flatMap((door) => {
  const { name, explain } = door.declaration;
  return explain ? [{ door, name, ...explain }] : [];
});
const inputs = [...new Set(explainable.map(({ input }) => input))];

/** The kinds of proofs by the options that announce them. */
export const explainedProofs: Readonly<Record<string, Explain>> = Object.fromEntries(
  inputs.map((input): [string, Explain] => [
    `${input}-stdin`,
    (app, presented) => openDoor(app, doorOf(input, presented.call), presented),
  ]),
);
/** The options with a value that go with a proof. */
export const proofOptions: readonly string[] = [
  ...new Set(['bot', ...explainable.flatMap(({ options }) => options)]),
];

async function openDoor(
  app: INestApplicationContext,
  type: DoorClass,
  { applicationId, text, call }: Presented,
): Promise<ExplainedProof> {
  const door = app.get<ExplainedDoor>(type);
  const option = (name: string) => call.optional(name);
  const { proof } = await door.open(await door.fromPasted({ applicationId, text, option }));
  return proof;
}

/** Among several doors for the same input, the one whose name has the provider. */
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
