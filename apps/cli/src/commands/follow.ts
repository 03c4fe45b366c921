import { command, type Answer } from '../declaration';
import { versionOf } from '../version';

export const follow = {
  name: 'follow',
  ...command('read the blocks of followed chains for the history of wallets, until SIGTERM or Ctrl-C').plain(
    async ({ terminal }): Promise<Answer> => {
      const { follow: start } = await import('../follow.js');
      const follower = await start(terminal.environment, versionOf(__dirname));
      terminal.onInterrupt(() => {
        follower.close().then(
          () => process.exit(0),
          () => process.exit(1),
        );
      });
      return { json: { port: follower.port }, text: '' };
    },
  ),
};
