import type { Call } from '../call';
import { command, needed, type GroupDeclaration } from '../declaration';
import { UsageError } from '../errors';

const reasonOption = { '--reason <reason>': needed('a ticket number or one word, for the audit trail') };
const REASON = /^[\w.#/-]{1,64}$/;

/** Free text could contain data that the audit trail must not have. */
function reasonOf(call: Call): string {
  const reason = call.required('reason');
  if (!REASON.test(reason))
    throw new UsageError('--reason must be a ticket number or one word: letters, digits and . _ - # /.');
  return reason;
}

export const custody: GroupDeclaration = {
  name: 'custody',
  description: 'the process that has the keys of embedded wallets (CUSTODY_SOCKET)',
  commands: {
    accept: command('go on with the journal of a backup that was restored', reasonOption).act(
      async (call, app) => {
        const { JournalSeal } = await import('../lazy/features.js');
        const journal = await app.get(JournalSeal).accept(reasonOf(call));
        const text = `The journal of custody is accepted, up to entry ${journal.sequence}`;
        return { json: journal, text };
      },
    ),
  },
};

export const wallet: GroupDeclaration = {
  name: 'wallet',
  description: 'linked and embedded wallets of people',
  commands: {
    // This command calls custody, because after a restore it runs before the API starts.
    stop: command(
      'stop all embedded wallets at once, by the brake of custody; needs no running API',
      reasonOption,
    ).act(async (call, app) => {
      const { WalletFreezing } = await import('../lazy/features.js');
      const freezing = app.get(WalletFreezing);
      await freezing.applyBrake(reasonOf(call));
      const brake = await freezing.brake();
      return {
        json: { stoppedAt: brake?.since, stoppedFor: brake?.reason },
        text: 'No embedded wallet acts until "countersign-custody release"',
      };
    }),
  },
};
