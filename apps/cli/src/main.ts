import { loadBundle } from './bundle';

const HELP = ['help', '--help', '-h', '--version', '-V'];

const words = process.argv.slice(2);
// Help loads so few modules that the bundle would take longer.
const isHelp = words.length === 0 || words.some((word) => HELP.includes(word));
const cli = isHelp ? null : loadBundle();
void (cli ? cli.run(words) : import('./cli.js').then(({ run }) => run(words)));
