import type { Declare } from '../command';

const actions = () => import('./job.actions.js');

export const declareJob: Declare = (program, { connected }) => {
  const group = program.command('job').description('recurring jobs');
  group.command('list').description('list the jobs, and how they went').action(connected(actions, 'list'));
  group
    .command('run')
    .description('have a job run once, beside its schedule, on a replica of the service')
    .argument('<name>', 'the job, as list names it')
    .action(connected(actions, 'run'));
};
