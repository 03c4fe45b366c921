/** What secretlint's own rules do not know: the secrets that an operator of this service has at hand. */
const PATTERNS = {
  TelegramBotToken: /\b\d{8,10}:[A-Za-z0-9_-]{35}\b/g,
  TokenOrClientSecret: /\bcs_(?:at|rt|rc|cs|ps|pt)_[A-Za-z0-9_-]{38,}/g,
  KeyRingSecret: /(?<="secret"\s*:\s*")[A-Za-z0-9_-]{43}=?(?=")/g,
  PrivateJsonWebKey: /(?<="d"\s*:\s*")[A-Za-z0-9_-]{43,}(?=")/g,
};

/** @type {import('@secretlint/types').SecretLintRuleCreator} */
export const ownSecrets = {
  messages: Object.fromEntries(Object.keys(PATTERNS).map((id) => [id, { en: () => id }])),
  meta: { id: 'countersign', recommended: true, type: 'scanner', supportedContentTypes: ['text'] },
  create(context) {
    const translate = context.createTranslator(this.messages);
    return {
      file({ content }) {
        for (const [id, pattern] of Object.entries(PATTERNS)) {
          for (const { index, 0: value } of content.matchAll(pattern)) {
            context.report({ message: translate(id), range: [index, index + value.length] });
          }
        }
      },
    };
  },
};
