import { join } from 'node:path';

type Files = ReadonlyMap<string, string>;
type Imports = ReadonlyMap<string, readonly string[]>;
interface Lib {
  readonly name: string;
  readonly wing: string;
}
interface House {
  readonly MAX_FILES_IN_FOLDER: number;
  readonly MAX_ARROWS_IN_LIB: number;
  readonly MAX_ARROWS_BETWEEN_WINGS: number;
  readSources(root: string, folders: readonly string[]): Files;
  importsAmong(files: Files, libs: readonly Lib[]): Imports;
  circlesOf(imports: Imports): readonly string[][];
  filesByFolder(files: Files): ReadonlyMap<string, number>;
  arrowsWithin(imports: Imports, lib: string): readonly string[];
  arrowsBetweenWings(imports: Imports, libs: readonly Lib[]): readonly string[];
}
interface Boundaries {
  readonly wings: readonly { readonly wing: string; readonly mayImport: readonly string[] }[];
  readonly libs: readonly Lib[];
}

const house = jest.requireActual<House>('./lib/house.mjs');
const boundaries = jest.requireActual<Boundaries>('../lint.boundaries.mjs');

/** One file for each command, and the CLI around them. A folder that has fewer files again leaves the list. */
const crowded = ['apps/cli/src', 'apps/cli/src/commands'];

const { libs, wings } = boundaries;
const apps = ['api', 'cli', 'console', 'custody'].map((name) => ({ name, wing: 'apps' }));
const sources = house.readSources(join(__dirname, '..'), ['libs', 'apps', 'published', 'tools']);

/** Each check takes the files, so that a test can add some. */
function crowdedFolders(files: Files): readonly string[] {
  const counts = [...house.filesByFolder(files)];
  return counts.filter(([, count]) => count > house.MAX_FILES_IN_FOLDER).map(([folder]) => folder);
}

function tangledLibs(files: Files): readonly string[] {
  const imports = house.importsAmong(files, libs);
  return [...libs, ...apps].flatMap(({ name, wing }) => {
    const { length } = house.arrowsWithin(imports, `${wing}/${name}`);
    return length > house.MAX_ARROWS_IN_LIB ? [`${wing}/${name} has ${length} arrows`] : [];
  });
}

const circles = (files: Files) => house.circlesOf(house.importsAmong(files, libs));
const arrowsOfWings = (files: Files) => house.arrowsBetweenWings(house.importsAmong(files, libs), libs);
const declaredArrows = wings.flatMap(({ wing, mayImport }) =>
  mayImport.map((lower) => `${wing} -> ${lower}`),
);

/** Files that a mistake would add. */
const withFiles = (added: Readonly<Record<string, string>>): Files =>
  new Map([...sources, ...Object.entries(added)]);
const times = (count: number, file: (index: number) => [path: string, text: string]) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => file(index)));

describe('files', () => {
  it('import each other in no circle, for types neither', () => {
    expect(circles(sources)).toEqual([]);
  });

  it('are in a circle when one imports the other for a type, through a third', () => {
    const folder = 'libs/pure/text/src';
    const files = withFiles({
      [`${folder}/one.ts`]: "import { two } from './two';\n",
      [`${folder}/two.ts`]: "export * from './deep/three';\n",
      [`${folder}/deep/three.ts`]: "import type { One } from '../one';\n",
    });

    expect(circles(files)).toEqual([[`${folder}/deep/three.ts`, `${folder}/one.ts`, `${folder}/two.ts`]]);
  });

  it('stand at most fifteen in a folder', () => {
    expect([...crowdedFolders(sources)].sort()).toEqual([...crowded].sort());
  });

  it('are too many where a sixteenth comes', () => {
    const folder = 'libs/pure/text/src/new';

    expect(crowdedFolders(withFiles(times(15, (at) => [`${folder}/${at}.ts`, ''])))).not.toContain(folder);
    expect(crowdedFolders(withFiles(times(16, (at) => [`${folder}/${at}.ts`, ''])))).toContain(folder);
  });
});

describe('rooms of a lib', () => {
  it('have at most 120 arrows between them', () => {
    expect(tangledLibs(sources)).toEqual([]);
  });

  it('have too many when one file imports them all, over and over', () => {
    const src = 'libs/pure/text/src';
    const rooms = times(130, (at) => [`${src}/room${at}/file.ts`, '']);
    const imports = [...Array(130).keys()].map(
      (at) => `import './room${at}/file';\nimport './room${at}/file';\n`,
    );

    expect(tangledLibs(withFiles({ ...rooms, [`${src}/all.ts`]: imports.join('') }))).toEqual([
      expect.stringMatching(/^libs\/pure\/text has 1\d\d arrows$/),
    ]);
  });
});

describe('wings', () => {
  it('import the wings that the table of lint.boundaries.mjs names, and need each of its arrows', () => {
    expect(arrowsOfWings(sources)).toEqual([...declaredArrows].sort());
  });

  it('have at most eighteen kinds of arrows', () => {
    expect(declaredArrows.length).toBeLessThanOrEqual(house.MAX_ARROWS_BETWEEN_WINGS);
  });

  it('have one too many when a platform lib imports a feature', () => {
    const files = withFiles({
      'libs/platform/audit/src/new.ts': "import { TeamRole } from '@countersign/teams';\n",
    });

    expect(arrowsOfWings(files).filter((arrow) => !declaredArrows.includes(arrow))).toEqual([
      'libs/platform -> libs/community',
    ]);
  });
});
