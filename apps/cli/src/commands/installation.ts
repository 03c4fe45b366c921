import { choose } from '../call';
import { command, group, oneOf } from '../declaration';
import { switches } from '../words';

export const installation = group('installation', 'settings of the whole installation', {
  show: command('show the settings of the installation').show((_call, app, { account }) =>
    app.get(account.InstallationService).settings(),
  ),
  set: command('change settings of the installation', {
    '--username-lookup <on|off>': oneOf(switches, 'find accounts by usernames at platforms', {
      isNeeded: true,
    }),
  }).show((call, app, { account }) => {
    const usernameLookup = choose('username-lookup', call.required('username-lookup'), switches) === 'on';
    return app.get(account.InstallationService).change({ usernameLookup });
  }),
});
