import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const code = execFileSync('git', ['ls-files', 'apps', 'libs', 'published', 'test/runner', 'test/support'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.[cm]?tsx?$|\.[cm]js$/.test(file) && !file.endsWith('.spec.ts'));

/** What each library calls the parts that its documents do not name. */
const interfaces: Readonly<Record<string, RegExp>> = {
  '@nestjs/swagger': /'swagger\/api|__routeArguments__/,
  jest: /'jest-runtime'|\._fakingTime/,
  'oidc-provider': /\b(?:Client|Session)\.prototype\b/,
  pg: /\.connection\.stream\b|\breadyForQuery\b|\._clients\b/,
  'tiny-secp256k1': /wasm_loader/,
  typeorm: /\bisTransactionActive\b|\bmaster: Pool\b/,
};
const listed = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` +\| `([^`]+\.c?[jt]s)` +\|/gm)].map(
  ([, library = '', file = '']) => [library, file],
);

it.each(Object.entries(interfaces))(
  '%s is used through undocumented interfaces in its file only',
  (library, sign) => {
    const files = code.filter((file) => sign.test(read(file)));

    expect(files.map((file) => [library, file])).toEqual(listed.filter(([name]) => name === library));
    expect(files).toHaveLength(1);
  },
);

it('lists at most six libraries, and no other', () => {
  expect(listed.map(([library]) => library)).toEqual(Object.keys(interfaces));
  expect(listed.length).toBeLessThanOrEqual(6);
});

it('the product reads no store of class-validator', () => {
  expect(code.filter((file) => /getMetadataStorage|validationMetadatas/.test(read(file)))).toEqual([]);
});

it('the product imports no folder inside of a library', () => {
  const inside = /(?:from|import|require)\(? ?'(?:@(?!countersign)[\w-]+\/)?[\w-]+\/(?:build|dist|lib|src)\//;

  expect(code.filter((file) => !file.startsWith('test/') && inside.test(read(file)))).toEqual([]);
});
