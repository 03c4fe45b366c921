import { command } from '../declaration';

export const doctor = {
  name: 'doctor',
  ...command(
    'say what is wrong with configuration, gateway, database, migrations, clocks, keys and bots, and how to mend it',
    {
      '--bot-api <url>': {
        description: 'where the Bot API of Telegram is: the tokens of bots are sent there',
        default: 'https://api.telegram.org',
      },
    },
  ).plain(async (call) => {
    const { examine } = await import('../doctor/examine.js');
    return (await examine(call)).page;
  }),
};
