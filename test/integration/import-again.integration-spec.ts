import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LineResult } from '@countersign/imports';
import { aPerson, times, type Person } from '../factories';
import { auditOf } from '../support/audit';
import { useCountersign } from '../support/run-countersign';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Imported {
  readonly importId: string;
  readonly results: readonly LineResult[];
}

/** What a repeated import, a dry run and an unread one make of people and lines that were there before. */
describe('countersign import, again', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const countersign = useCountersign(app);

  const importPeople = async (people: readonly object[], options: string): Promise<Imported> => {
    const text = people.map((person) => JSON.stringify(person)).join('\n');
    const { output } = await countersign.run(`import - ${options}`, text);
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    return {
      results: lines.slice(0, -1) as LineResult[],
      importId: (lines.at(-1) as { importId: string }).importId,
    };
  };
  const wordsOf = ({ results }: Imported) => results.map(({ outcome, code }) => code ?? outcome);
  const erase = (userId: string) => countersign.json(`user erase ${userId} --reason t-1 --now`);
  const aLine = (person: Person, more: object = {}) => ({ telegramId: person.id, ...more });

  it('does not bring back who had signed in before it, and is erased: also not after an undo', async () => {
    const [signedIn, other] = [aPerson(), aPerson()];
    const { userId } = await app.signIn(demo, signedIn);
    const lines = [aLine(signedIn, { externalId: 'a' }), aLine(other)];
    const first = await importPeople(lines, '--name again');
    expect(wordsOf(first)).toEqual(['exists', 'created']);

    await erase(userId);

    expect(wordsOf(await importPeople(lines, '--name again'))).toEqual(['import.person_gone', 'exists']);
    expect(await countersign.json(`import undo ${first.importId}`)).toMatchObject({
      removed: 1,
      remaining: 0,
    });
    expect(wordsOf(await importPeople(lines, '--name again'))).toEqual(['import.person_gone', 'created']);
    expect(await app.signIn(demo, signedIn)).toMatchObject({ isNewUser: true });
    expect(wordsOf(await importPeople(lines, '--name again'))).toEqual(['exists', 'exists']);
  });

  it('says the same of existing people again, also with another external id', async () => {
    const person = aPerson();
    const { userId } = await app.signIn(demo, person);

    for (const externalId of ['one', 'two'])
      expect((await importPeople([aLine(person, { externalId })], '--name changed')).results).toEqual([
        { line: 1, outcome: 'exists', userId, externalId },
      ]);
    // Nothing of them is to be undone.
    const { importId } = await importPeople([], '--name changed');
    expect(await countersign.json(`import undo ${importId}`)).toMatchObject({ removed: 0, remaining: 0 });
    await app.signIn(demo, person);
  });

  it('creates people whom another import had created, when that is undone', async () => {
    const lines = times(3, () => aLine(aPerson()));
    const wrong = await importPeople(lines, '--name wrong');
    expect(wordsOf(await importPeople(lines, '--name right'))).toEqual(['exists', 'exists', 'exists']);

    await countersign.json(`import undo ${wrong.importId}`);

    expect(wordsOf(await importPeople(lines, '--name right'))).toEqual(['created', 'created', 'created']);
  });

  it('says in a dry run of an existing person that an earlier line has the external id', async () => {
    const known = aPerson();
    await app.signIn(demo, known);
    const lines = [aLine(aPerson(), { externalId: 'x' }), aLine(known, { externalId: 'x' })];
    const expected = ['created', 'import.external_id_taken'];

    expect(wordsOf(await importPeople(lines, '--name dry --dry-run'))).toEqual(expected);
    expect(wordsOf(await importPeople(lines, '--name dry'))).toEqual(expected);
  });

  it('takes a username with and without its sign, and not the sign alone', async () => {
    const names = ['@', '@ada', `@${'a'.repeat(64)}`, 'a'.repeat(65)];

    const { results } = await importPeople(
      names.map((username) => aLine(aPerson(), { username })),
      '--name usernames',
    );

    expect(results.map(({ member }) => member)).toEqual(['username', undefined, undefined, 'username']);
  });

  it('stops where its results are not read, and does not claim to have finished', async () => {
    const text = times(450, () => JSON.stringify(aLine(aPerson()))).join('\n');
    const drained = () => Promise.resolve(false);

    const { exitCode, output } = await countersign.run('import - --name unread', text, { drained });

    const summary = JSON.parse(output.trim().split('\n').at(-1) ?? '') as { importId: string };
    expect(exitCode).toBe(1);
    expect(summary).toMatchObject({ created: 200 });
    const ofImport = async (action: 'import.started' | 'import.finished') =>
      (await auditOf(app, { action })).filter(({ subject }) => subject === summary.importId);
    expect(await ofImport('import.started')).toHaveLength(1);
    expect(await ofImport('import.finished')).toEqual([]);
  });

  it('refuses to append its results to its own file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'import-'));
    const file = join(folder, 'people.ndjson');
    await writeFile(file, JSON.stringify(aLine(aPerson())));

    const appended = countersign.run(`import ${file}`, '', { outputFile: () => statSync(file) });

    await expect(appended).rejects.toMatchObject({ name: 'UsageError' });
    const other = await stat(folder);
    const { exitCode } = await countersign.run(`import ${file}`, '', { outputFile: () => other });
    await rm(folder, { recursive: true });
    expect(exitCode).toBe(0);
    expect((await countersign.run('import list')).output).toContain('people.ndjson');
  });
});
