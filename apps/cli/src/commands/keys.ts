import { writeFile } from 'node:fs/promises';
import { generateKeyRing } from '@countersign/crypto';
import { NeededOption, type Declare, type Plain } from '../command';

const actions = () => import('./keys.actions.js');
const plainActions = () => import('./keys-files.actions.js');
const OUT = '--out <file>';

export const declareKeys: Declare = (program, { plain, connected }) => {
  const group = program.command('keys').description('the key ring, which seals what is stored');
  group
    .command('generate')
    .description('make a key ring for KEYS_FILE')
    .option(OUT, 'write it to this file, for its owner only; overwrites nothing')
    .action(plain(generate));
  group
    .command('status')
    .description('show the keys, the replicas that know them, and how far rewrapping is')
    .action(connected(actions, 'status'));
  group
    .command('add')
    .description('make one more key, which all replicas have to know before it can be used')
    .argument('<purpose>', 'sealing, index or token')
    .addOption(new NeededOption(OUT, 'write the ring with it to this file; overwrites nothing'))
    .action(connected(actions, 'add'));
  group
    .command('rotate')
    .description('make a key active that all running replicas know')
    .argument('<keyId>', 'the key, as status names it')
    .action(connected(actions, 'rotate'));
  group
    .command('rewrap')
    .description('bring all stored values to the active keys now, instead of in the background')
    .action(connected(actions, 'rewrap'));
  group
    .command('retire')
    .description('end the use of a former key that nothing needs any more')
    .argument('<keyId>', 'the key, as status names it')
    .option('--end-sessions', 'of a token key: sessions whose tokens it made sign in again')
    .action(connected(actions, 'retire'));
  group
    .command('drop')
    .description('take back a key that was added by mistake and never active')
    .argument('<keyId>', 'the key, as status names it')
    .action(connected(actions, 'drop'));
  group
    .command('wrap')
    .description('wrap the secrets of a ring in clear by the service of KMS_URL')
    .addOption(new NeededOption(OUT, 'write the wrapped ring to this file; overwrites nothing'))
    .action(plain(async (call, terminal) => (await plainActions()).wrap(call, terminal)));
  group
    .command('escrow')
    .description('write the ring in clear, to be kept where neither the database nor the KMS is')
    .addOption(new NeededOption(OUT, 'write it to this file, for its owner only; overwrites nothing'))
    .action(plain(async (call, terminal) => (await plainActions()).escrow(call, terminal)));
};

const generate: Plain = async (call) => {
  const document = generateKeyRing();
  const file = call.optional('out');
  if (file === undefined) return { json: document, text: JSON.stringify(document, null, 2) };
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  const text = `Wrote ${file}. Keep a copy apart from the database: without it nothing in there can be read.`;
  return { json: { file }, text };
};
