import { readFileSync } from 'node:fs';

interface Clone {
  filesOfClone(path?: string): readonly string[];
  inClone(path: string): string;
}

const { filesOfClone, inClone } = jest.requireActual<Clone>('./lib/clone.mjs');
const read = (path: string): string => readFileSync(inClone(path), 'utf8');

const DEVELOPMENT = /(?:spec|\.d)\.ts$|\/testing\//;
const files = ['apps/api', 'apps/cli', 'apps/consent/src', 'apps/custody', 'libs']
  .flatMap((path) => filesOfClone(path))
  .filter((path) => path.endsWith('.ts') && !DEVELOPMENT.test(path));

const withoutTypes = (source: string): string => source.replaceAll(/^import type [^;]*;$/gm, '');

function sectionOf(title: string): string {
  return read('docs/security-inventory.md').split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
}

/** The names in backticks in a column of the first table of a section. */
function namesIn(title: string, column: number): readonly string[] {
  const [table = ''] = sectionOf(title)
    .split('\n\n')
    .filter((part) => part.includes('| ---'));
  const cells = table.split('\n').map((line) => line.split('|')[column + 1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)).toSorted();
}

/** What stands in backticks in the list of connections. */
const namedConnections = (pattern: RegExp): readonly string[] =>
  [...sectionOf('Connections to other systems').matchAll(pattern)].map(([, name = '']) => name).toSorted();

function matchesOf(pattern: RegExp): readonly string[] {
  const found = files.flatMap((path) => [...read(path).matchAll(pattern)].map(([, name = '']) => name));
  return [...new Set(found)].toSorted();
}

describe('docs/security-inventory.md', () => {
  it('lists the algorithms that the code names, and no other', () => {
    // A field of blocks is called so.
    const named = matchesOf(
      /'(?!sha3Uncles')((?:md|sha-?|ripemd|blake2?[bs]?|aes-?|des-|rc|chacha|camellia|bf-)\d[-\w]*|des\w*-\w+|(?:RS|PS|ES|HS)\d{3}K?|EdDSA|Ed25519|Ed448)'/g,
    );

    expect(named).toContain('aes-256-gcm');
    expect(namesIn('Cryptography', 0)).toEqual(named);
  });

  it('is right that only six libraries compute', () => {
    const libraries = matchesOf(
      /(?:from|import\(|require(?:\.resolve)?\() ?'((?:viem|@ton\/core|tiny-secp256k1)(?=[/'])|(?![./]|@countersign)[^']*(?:crypt|cipher|hash|hmac|jose|jwt|jws|nacl|sodium|noble|elliptic|forge|webauthn)[^']*(?='))/g,
    );

    expect(libraries).toEqual(['@nestjs/jwt', '@ton/core', 'jose', 'node:crypto', 'tiny-secp256k1', 'viem']);
    expect(files.filter((path) => read(path).includes('Math.random'))).toEqual([]);
  });

  it('lists the files that connect to other systems, and no other', () => {
    const opens =
      /\bnew (?:\w+\.)?(?:Client|Pool|Redis|DataSource|WebSocket)\(|(?<![.\w])fetch\(|TypeOrmModule\.forRoot|from '(?:undici(?:\/[^']+)?|axios|got|node:dgram|node:dns(?:\/promises)?|node:http2)'|\b(?:https?|net|tls)\.(?:request|get|connect|createConnection)\(|import \{[^}]*\b(?:connect|createConnection|request|get)\b[^}]*\} from 'node:(?:net|tls|https?)'/;
    const connecting = files.filter((path) => opens.test(withoutTypes(read(path))));

    expect(namedConnections(/`((?:apps|libs)\/[^`]+)`/g)).toEqual(connecting.toSorted());
  });
});

describe('docs/security.md', () => {
  it('names tests of guards that exist', () => {
    const [, table = ''] = read('docs/security.md').split("\n## Guards against an operator's mistake\n");
    const named = [...(table.split('\n## ')[0] ?? '').matchAll(/`([\w-]+)` “([^”]+)”/g)];
    const specs = ['apps', 'libs', 'scripts', 'test', 'tools'].flatMap((path) => filesOfClone(path));
    const missing = named.filter(([, file, title = '']) => {
      const ofName = new RegExp(`/${file}(?:\\.\\w+-|\\.)spec\\.ts$`);
      return !specs.some((path) => ofName.test(path) && read(path).includes(title));
    });

    expect(named.length).toBeGreaterThan(30);
    expect(missing.map(([whole]) => whole)).toEqual([]);
  });
});
