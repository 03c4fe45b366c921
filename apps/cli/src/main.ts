import { loadBundle } from './bundle';

/** Commands that load the business modules: a first word, or a first and a second. All others load faster without the bundle. */
const ON_DATABASE = [
  ...['migrate', 'doctor', 'explain', 'import', 'keys'],
  ...['principal create', 'audit verify', 'custody accept', 'wallet stop'],
];
const HELP = ['help', '--help', '-h', '--version', '-V'];

const words = process.argv.slice(2);
const isOnDatabase = [words[0] ?? '', words.slice(0, 2).join(' ')].some((path) => ON_DATABASE.includes(path));
const isHelp = words.some((word) => HELP.includes(word));
const cli = isOnDatabase && !isHelp ? loadBundle() : null;
void (cli ? cli.run(words) : import('./cli.js').then(({ run }) => run(words)));
