import { NeededOption, type Declare } from '../command';

const actions = () => import('./chain.actions.js');

export const declareChain: Declare = (program, { connected }) => {
  const group = program.command('chain').description('chains whose nodes are asked about wallets');
  group
    .command('list')
    .description('list the configured chains, and what their nodes answer now')
    .action(connected(actions, 'list'));
  group
    .command('show')
    .description('show a chain, how far it is read, and what its nodes answer now')
    .argument('<chain>', 'its CAIP-2 id, such as eip155:1')
    .action(connected(actions, 'show'));
  group
    .command('reset')
    .description('have a chain read again from a block on, after a node had lied about it')
    .argument('<chain>', 'its CAIP-2 id, such as eip155:1')
    .addOption(new NeededOption('--last-block <number>', 'the last block whose transactions are kept'))
    .option('--confirm', 'remove what is read of later blocks: without it nothing is done')
    .action(connected(actions, 'reset'));
};
