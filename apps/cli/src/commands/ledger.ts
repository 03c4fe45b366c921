import type { INestApplicationContext } from '@nestjs/common';
import type { LedgerList } from '@countersign/account';
import type { Call } from '../call';
import { command, repeated, type Connected, type GroupDeclaration } from '../declaration';
import { CommandError, exitCodes, UsageError } from '../errors';
import { fields, printable, table } from '../output';

const DIGEST = { '<digest>': 'of the list, as `ledger list` prints it' };
type Libs = Parameters<Connected>[2];

export const ledger: GroupDeclaration = {
  name: 'ledger',
  description: 'the ledger of erasures, and the answer after a restore or in a copy',
  commands: {
    list: command('show the erasures of the ledger that this database does not know').act(
      async (_call, app, { LedgerAnswers }) => {
        const list = await app.get(LedgerAnswers).list();
        return { json: list, text: textOf(list) };
      },
    ),
    restored: command(
      'say that this database is a restored backup: erases the listed accounts, and ends the sessions from before the start',
      {
        ...DIGEST,
        '--keep <userId>': repeated('do not erase this account; no later restore erases it by this entry'),
      },
    ).act(async (call, app, { LedgerAnswers }) => {
      const list = await listIn(call, app, LedgerAnswers);
      if (list.state === 'behind')
        throw new CommandError(
          'The ledger lacks entries, so only `ledger foreign` answers.',
          exitCodes.refused,
        );
      const kept = call.all('keep').map((id) => id.toLowerCase());
      if (!kept.every((id) => list.erasures.some(({ userId }) => userId === id)))
        throw new UsageError('--keep must be a user id of the list.');
      const erased = await app.get(LedgerAnswers).restored(list, kept);
      return { json: { erased, kept }, text: `Accounts erased: ${erased}; opened again: ${kept.length}.` };
    }),
    foreign: command(
      'say that the entries are of another database: opens the accounts again, and gives this database another id in the ledger',
      DIGEST,
    ).act(async (call, app, { LedgerAnswers }) => {
      const list = await listIn(call, app, LedgerAnswers);
      await app.get(LedgerAnswers).foreign(list);
      return {
        json: { disowned: list.erasures.length },
        text: 'This database has an id of its own in the ledger.',
      };
    }),
  },
};

/** @throws CommandError unless there is a question, and the list is the one that the operator has seen */
async function listIn(
  call: Call,
  app: INestApplicationContext,
  answers: Libs['LedgerAnswers'],
): Promise<LedgerList> {
  const list = await app.get(answers).list();
  if (list.state === 'fine')
    throw new CommandError(
      'The ledger and the database agree: there is nothing to answer.',
      exitCodes.refused,
    );
  if (list.digest !== call.argument)
    throw new CommandError('The digest is of another list: run `ledger list` again.', exitCodes.refused);
  return list;
}

function textOf(list: LedgerList): string {
  const { state, since, unknownMarks, erasures, underOtherIds, unverified, digest } = list;
  const lines = [
    fields([
      ['state', state],
      ['since', since?.toISOString() ?? '-'],
      ['unknown marks', String(unknownMarks)],
      ['unknown erasures', String(erasures.length)],
      ['entries that do not verify', String(unverified.length)],
      ['digest', digest],
    ]),
  ];
  const ineffective = { account: 'does not verify', forfeit: [], mergedIntoIt: [] };
  const rows = [...erasures, ...unverified.map((entry) => ({ ...entry, ...ineffective }))];
  if (rows.length > 0)
    lines.push(
      table(
        ['NUMBER', 'AT', 'RUN', 'USER', 'ACCOUNT', 'FORFEIT', 'ALSO TAKES'],
        rows.map(({ number, at, run, userId, account, forfeit, mergedIntoIt }) => [
          ...[number, at, run, userId ?? '-', account].map((cell) => printable(String(cell))),
          ...[forfeit.join(' ') || '-', mergedIntoIt.join(' ') || '-'],
        ]),
      ),
    );
  if (underOtherIds.length > 0)
    lines.push(
      table(
        ['ERASED UNDER ANOTHER ID', 'AT', 'FORFEIT'],
        underOtherIds.map(({ at, userId, forfeit }) => [userId ?? '-', at, forfeit.join(' ') || '-']),
      ),
    );
  return lines.join('\n\n');
}
