import { performance } from 'node:perf_hooks';
import { readFileSync } from 'node:fs';
import { lintSource } from '@secretlint/core';
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import { inClone } from './clone.mjs';
import { ownSecrets } from './secret-rules.mjs';

/** Values that only look like secrets, each with its reason. */
export const KNOWN_SECRETS = 'scripts/known-secrets.json';
const CONFIG = {
  rules: [
    { id: '@secretlint/secretlint-rule-preset-recommend', rule: recommended },
    { id: 'countersign', rule: ownSecrets },
  ],
};

// secretlint marks start and end of every rule, and searches all marks at each one, which takes minutes for a history.
performance.mark = () => undefined;

/** @returns {{ value: string, reason: string }[]} */
export function knownSecrets() {
  return JSON.parse(readFileSync(inClone(KNOWN_SECRETS), 'utf8'));
}

/** @returns {Promise<{ value: string, line: number, kind: string }[]>} */
export async function secretsIn(path, content) {
  const { messages } = await lintSource({
    source: { filePath: path, content, ext: '', contentType: 'text' },
    options: { config: CONFIG },
  });
  return messages.map(({ range, loc, messageId }) => ({
    value: content.slice(...range),
    line: loc.start.line,
    kind: messageId,
  }));
}
