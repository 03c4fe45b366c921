import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What they do is tested by `adapters.spec.ts`, and the compiler reads them. */
it.each(['express.ts', 'fastify.ts'])('the README shows the example of %s', (file) => {
  const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
  const example = readFileSync(join(__dirname, 'examples', file), 'utf8');

  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});
