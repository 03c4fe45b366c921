import { reasonOf } from '../call';
import { command, group } from '../declaration';
import { fields } from '../output';
import { reason } from '../options';

export const custody = group(
  'custody',
  'the process that has the keys of embedded wallets (CUSTODY_SOCKET)',
  {
    status: command(
      'tell whether it answers, its last entry, and how many wallets are under a former key',
    ).act(async (_call, app, { custody: { CustodyClient } }) => {
      const { journal, toRewrap } = await app.get(CustodyClient).health();
      const text = fields([
        ['last entry', String(journal.sequence)],
        ['hash', journal.hash],
        ['under a former key', String(toRewrap)],
      ]);
      return { json: { journal, toRewrap }, text };
    }),
    accept: command('go on with the journal of a backup that was restored', reason).act(
      async (call, app, { custody: { JournalSeal } }) => {
        const journal = await app.get(JournalSeal).accept(reasonOf(call));
        return {
          json: journal,
          text: `The journal of custody is accepted, up to entry ${journal.sequence}`,
        };
      },
    ),
  },
);
