import { testsNotReachedBy } from './lib/wings.cjs';

/** One for each wing, and one of the core. */
const files = ['teams-roles', 'ton-sends', 'xellar-login', 'webhook-leases', 'session-life'];

it.each([
  ['its wing, and the core', 'libs/delivery/webhooks/src/index.ts', 'webhook-leases session-life'],
  [
    'what imports its wing',
    'test/integration/ton-sends.integration-spec.ts',
    'ton-sends xellar-login session-life',
  ],
  ['the core, where it changes pages', 'docs/teams.md', 'session-life'],
  ['all wings, where it changes what is below them', 'libs/identity/users/src/index.ts', files.join(' ')],
  ['all wings, where it changes what is of none', 'package-lock.json', files.join(' ')],
])('a change reaches the tests of %s', (_, path, reached) => {
  const left = testsNotReachedBy([path, 'README.md']).map((pattern) => new RegExp(pattern));
  const isLeft = (file: string): boolean =>
    left.some((one) => one.test(`/clone/test/integration/${file}.integration-spec.ts`));

  expect(files.filter((file) => !isLeft(file)).join(' ')).toBe(reached);
});
