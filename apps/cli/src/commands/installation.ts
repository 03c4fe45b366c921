import { chooseIfGiven, ifGiven, refuseWithout, wholeNumber, type Call } from '../call';
import { command, given, group, oneOf } from '../declaration';
import { switches } from '../words';

const SETTINGS = ['username-lookup', 'separation-days'];

export const installation = group('installation', 'settings of the whole installation', {
  show: command('show the settings of the installation').show(async (_call, app, { account }) =>
    account.InstallationResponse.of(await app.get(account.InstallationService).settings()),
  ),
  set: command('change settings of the installation', {
    '--username-lookup <on|off>': oneOf(switches, 'find accounts by usernames at platforms'),
    '--separation-days <days>': 'days for which merges and links can be separated, 1 to 30',
  }).show(async (call, app, { account, users }) => {
    refuseWithout(call, SETTINGS);
    const change = given({
      usernameLookup: switchOf(call, 'username-lookup'),
      separationDays: ifGiven(call, 'separation-days', (name, text) =>
        wholeNumber(name, text, users.MIN_SEPARATION_DAYS, users.MAX_SEPARATION_DAYS),
      ),
    });
    return account.InstallationResponse.of(await app.get(account.InstallationService).change(change));
  }),
});

function switchOf(call: Call, name: string): boolean | undefined {
  const word = chooseIfGiven(call, name, switches);
  return word === undefined ? undefined : word === 'on';
}
