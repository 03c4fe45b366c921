import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { lintSource } from '@secretlint/core';
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import { inClone } from './clone.mjs';

/** Values that only look like secrets, each with its reason. */
export const KNOWN_SECRETS = 'scripts/known-secrets.json';

/** What secretlint's own rules do not know: the secrets that an operator of this service has at hand. */
const OWN = {
  TelegramBotToken: /\b\d{8,10}:[A-Za-z0-9_-]{35}\b/g,
  TokenOrClientSecret: /\bcs_(?:at|rt|rc|cs|ps|pt)_[A-Za-z0-9_-]{38,}/g,
  KeyRingSecret: /(?<="secret"\s*:\s*")[A-Za-z0-9_-]{43}=?(?=")/g,
  PrivateJsonWebKey: /(?<="d"\s*:\s*")[A-Za-z0-9_-]{43,}(?=")/g,
};
const CONFIG = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: recommended }] };

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
  const found = messages.map(({ range, messageId }) => ({
    index: range[0],
    value: content.slice(...range),
    kind: messageId,
  }));
  for (const [kind, pattern] of Object.entries(OWN))
    for (const { index, 0: value } of content.matchAll(pattern)) found.push({ index, value, kind });
  return found.map(({ index, value, kind }) => ({
    value,
    kind,
    line: content.slice(0, index).split('\n').length,
  }));
}
