import { reasonOf } from '../call';
import { command, group } from '../declaration';
import { reason } from '../options';

export const custody = group(
  'custody',
  'the process that has the keys of embedded wallets (CUSTODY_SOCKET)',
  {
    accept: command('go on with the journal of a backup that was restored', reason).act(async (call, app) => {
      const { JournalSeal } = await import('../lazy/features.js');
      const journal = await app.get(JournalSeal).accept(reasonOf(call));
      return {
        json: journal,
        text: `The journal of custody is accepted, up to entry ${journal.sequence}`,
      };
    }),
  },
);
