import type { INestApplicationContext } from '@nestjs/common';
import { accountError } from '@countersign/account';
import { ApplicationsService, botError, BotTokens } from '@countersign/applications';
import {
  authError,
  contactError,
  doors,
  neededFields,
  type ExplainedDoor,
  type DoorClass,
} from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { verifyContact } from '@countersign/telegram';
import type { Call } from './call';
import { UsageError } from './errors';

/** The facts of an accepted proof. */
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
export const explainedProofs: Readonly<Record<string, Explain>> = {
  ...Object.fromEntries(
    inputs.map((input): [string, Explain] => [
      `${input}-stdin`,
      (app, presented) => openDoor(app, doorOf(input, presented.call), presented),
    ]),
  ),
  'contact-stdin': explainContact,
};

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

/** Ownership of the contact is checked only within a session. */
async function explainContact(
  app: INestApplicationContext,
  { applicationId, text, call }: Presented,
): Promise<ExplainedProof> {
  const { application, bot } = await app
    .get(ApplicationsService)
    .getSignInTarget(applicationId, 'telegram', call.optional('bot'));
  if (application.trust === 'third-party') throw authError('auth.assurance_too_low');
  if (!neededFields(application).has('phoneNumber')) throw accountError('account.data_not_needed');
  if (bot.status === 'compromised') throw botError('bot.compromised');
  const now = app.get(Clock).now();
  const verified = verifyContact(text, {
    keys: app.get(BotTokens).keysOf(bot, 'init-data', now),
    now,
    maxAgeSeconds: application.settings.initDataMaxAge,
  });
  if (!verified.ok) throw contactError(verified.code);
  return { assurance: 'bot-token', madeAt: verified.value.authDate };
}
