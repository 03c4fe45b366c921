import { command, repeated, type GroupDeclaration } from '../declaration';
import { fields, printable, table } from '../output';

const DIGEST = { '<digest>': 'of the list, as `ledger list` prints it' };

export const ledger: GroupDeclaration = {
  name: 'ledger',
  description: 'the ledger of erasures, and the answer after a restore or in a copy',
  commands: {
    list: command('show the erasures of the ledger that this database does not know').act(
      async (_call, app, { LedgerAnswers }) => {
        const list = await app.get(LedgerAnswers).list();
        const { state, since, missing, unknownMarks, erasures, unverified, digest } = list;
        const ineffective = { account: 'does not verify', forfeit: [], mergedIntoIt: [] };
        const rows = [...erasures, ...unverified.map((entry) => ({ ...entry, ...ineffective }))];
        const summary = fields([
          ['state', state],
          ['since', since?.toISOString() ?? '-'],
          ['missing entries', String(missing)],
          ['unknown marks', String(unknownMarks)],
          ['erasures', String(erasures.length)],
          ['entries that do not verify', String(unverified.length)],
          ['digest', digest],
        ]);
        const entries = table(
          ['NUMBER', 'AT', 'RUN', 'USER', 'ACCOUNT', 'FORFEIT', 'ALSO TAKES'],
          rows.map(({ number, at, run, userId, account, forfeit, mergedIntoIt }) =>
            [number, at, run, userId ?? '-', account, forfeit.join(' ') || '-', mergedIntoIt.join(' ') || '-']
              .map(String)
              .map(printable),
          ),
        );
        return { json: list, text: rows.length > 0 ? `${summary}\n\n${entries}` : summary };
      },
    ),
    restored: command(
      'say that this database is a restored backup: erases the listed accounts, and ends the sessions from before the start',
      {
        ...DIGEST,
        '--keep <userId>': repeated('do not erase this account; no later restore erases it by this entry'),
      },
    ).act(async (call, app, { LedgerAnswers }) => {
      const kept = call.all('keep').map((id) => id.toLowerCase());
      const erased = await app.get(LedgerAnswers).restored(call.argument, kept);
      return { json: { erased, kept }, text: `Accounts erased: ${erased}; opened again: ${kept.length}.` };
    }),
    foreign: command(
      'say that the entries are of another database: opens the accounts again, and gives this database another id in the ledger',
      DIGEST,
    ).act(async (call, app, { LedgerAnswers }) => {
      const disowned = await app.get(LedgerAnswers).foreign(call.argument);
      return { json: { disowned }, text: 'This database has an id of its own in the ledger.' };
    }),
  },
};
