import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';

/**
 * The contracts of the tests, and the one that libs/wallets/chains sends with its calls, are what their sources compile to.
 * `--write` writes them.
 */

const TESTS = 'test/contracts';
const PRODUCT = 'libs/wallets/chains/contracts';
const PRODUCT_CODE = 'libs/wallets/chains/src/signatures/signature-check.ts';

await main(async () => {
  const files = compile(TESTS, 'cancun').map(({ name, abi, bytecode }) => [
    join(TESTS, 'compiled', `${name}.json`),
    `${JSON.stringify({ abi, bytecode })}\n`,
  ]);
  // Of a fork that all chains have.
  const [{ bytecode }] = compile(PRODUCT, 'london');
  files.push([
    PRODUCT_CODE,
    `// Made of ${PRODUCT}/SignatureCheck.sol by scripts/check-contracts.mjs.

export const SIGNATURE_CHECK_CODE =
  '${bytecode}';
`,
  ]);
  const stale = files.filter(([path, content]) => readFileSync(inClone(path), 'utf8') !== content);
  if (process.argv.includes('--write'))
    for (const [path, content] of stale) writeFileSync(inClone(path), content);
  else if (stale.length > 0)
    throw new Sentence(
      `Not what their sources compile to: ${stale.map(([path]) => path).join(', ')}. Run npm run check -- contracts --write`,
    );
});

function compile(folder, evmVersion) {
  const require = createRequire(import.meta.url);
  const names = readdirSync(inClone(folder)).filter((name) => name.endsWith('.sol'));
  const read = (path) => readFileSync(path, 'utf8');
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(names.map((name) => [name, { content: read(inClone(folder, name)) }])),
    settings: {
      evmVersion,
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
