import type { Declare } from '../command';

const actions = () => import('./identity-key.actions.js');

export const declareIdentityKey: Declare = (program, { connected }) => {
  const group = program.command('identity-key').description('keys that sign identity tokens');
  group.command('list').description('list the keys and their states').action(connected(actions, 'list'));
  group
    .command('rotate')
    .description('publish the next key, which signs a while later')
    .action(connected(actions, 'rotate'));
  group
    .command('revoke')
    .description('take a key back at once; another one signs')
    .argument('<kid>', 'the key, as list names it')
    .action(connected(actions, 'revoke'));
};
