import { testsNotReachedBy } from './lib/wings.cjs';

/** Which of these files of tests a change of `paths` reaches: one for each wing, and one of the core. */
function reachedBy(...paths: string[]): string[] {
  const files = ['teams-roles', 'webhook-leases', 'xellar-login', 'ton-sends', 'session-life'];
  const left = testsNotReachedBy(paths).map((each) => new RegExp(each));
  return files.filter(
    (file) => !left.some((each) => each.test(`/clone/test/integration/${file}.integration-spec.ts`)),
  );
}

describe('integration tests of a change', () => {
  it('are those of its wing and of what imports it, and the core', () => {
    expect(reachedBy('libs/delivery/webhooks/src/index.ts')).toEqual(['webhook-leases', 'session-life']);
    expect(reachedBy('libs/community/teams/src/index.ts', 'docs/teams.md')).toEqual([
      'teams-roles',
      'xellar-login',
      'session-life',
    ]);
    expect(reachedBy('test/integration/ton-sends.integration-spec.ts')).toEqual([
      'xellar-login',
      'ton-sends',
      'session-life',
    ]);
    expect(reachedBy('README.md')).toEqual(['session-life']);
  });

  it.each([
    'libs/identity/users/src/index.ts',
    'package-lock.json',
    'test/support/until.ts',
    'test/integration/joins.integration-spec.ts',
  ])('are all where it touches %s', (path) => {
    expect(reachedBy(path, 'libs/doors/xellar/src/index.ts')).toHaveLength(5);
  });
});
