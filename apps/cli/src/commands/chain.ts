import type { Declare } from '../command';

const actions = () => import('./chain.actions.js');

export const declareChain: Declare = (program, { connected }) => {
  const group = program.command('chain').description('chains whose nodes are asked about wallets');
  group
    .command('list')
    .description('list the configured chains, and what their nodes answer now')
    .action(connected(actions, 'list'));
  group
    .command('show')
    .description('show a chain, and what its nodes answer now')
    .argument('<chain>', 'its CAIP-2 id, such as eip155:1')
    .action(connected(actions, 'show'));
};
