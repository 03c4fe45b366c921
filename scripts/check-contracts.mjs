import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';

/** The contracts of the tests are what their sources compile to. `--write` writes them. */

const TESTS = 'test/contracts';

await main(async () => {
  const files = compile().map(({ name, abi, bytecode }) => [
    join(TESTS, 'compiled', `${name}.json`),
    `${JSON.stringify({ abi, bytecode })}\n`,
  ]);
  const stale = files.filter(([path, content]) => readFileSync(inClone(path), 'utf8') !== content);
  if (process.argv.includes('--write'))
    for (const [path, content] of stale) writeFileSync(inClone(path), content);
  else if (stale.length > 0)
    throw new Sentence(
      `Not what their sources compile to: ${stale.map(([path]) => path).join(', ')}. Run npm run check -- contracts --write`,
    );
});

function compile() {
  const require = createRequire(import.meta.url);
  const names = readdirSync(inClone(TESTS)).filter((name) => name.endsWith('.sol'));
  const read = (path) => readFileSync(path, 'utf8');
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(names.map((name) => [name, { content: read(inClone(TESTS, name)) }])),
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 200 },
      // Without it the bytes would depend on the comments.
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  };
  const readImport = (path) => ({ contents: read(require.resolve(path)) });
  const output = require('solc').compile(JSON.stringify(input), { import: readImport });
  const { errors = [], contracts } = JSON.parse(output);
  const fault = errors.find(({ severity }) => severity === 'error');
  if (fault) throw new Sentence(fault.formattedMessage);
  return names.map((file) => {
    const name = basename(file, '.sol');
    const { abi, evm } = contracts[file][name];
    return { name, abi, bytecode: `0x${evm.bytecode.object}` };
  });
}
