/** Sign-in, step-up, the check at the gateway, OAuth, device keys, and limits. */

const stepUp = ['test/integration/step-up.integration-spec.ts'];
const deviceKeys = ['test/integration/device-keys-memory.integration-spec.ts'];
const rateLimits = ['test/integration/rate-limits.integration-spec.ts'];
const windows = {
  file: 'libs/limits/src/memory-windows.ts',
  specs: ['libs/limits/src/memory-windows.spec.ts'],
};

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const doors = [
  {
    id: 'code-any-verifier',
    file: 'libs/auth/src/exchange/redirect-codes.ts',
    find: 'if (verifier === undefined || !matches)',
    replace: 'if (verifier === undefined)',
    specs: ['test/integration/oidc-refusals.integration-spec.ts'],
  },
  {
    id: 'code-any-application',
    file: 'libs/auth/src/exchange/redirect-codes.ts',
    find: 'if (row?.applicationId !== applicationId)',
    replace: 'if (!row)',
    specs: ['test/integration/all-doors.integration-spec.ts'],
  },
  {
    id: 'door-bot-token-for-third-parties',
    file: 'libs/auth/src/doors/door.ts',
    find: "trust === 'third-party' && assurance !== 'platform'",
    replace: "trust === 'third-party' && assurance === 'vendor'",
    specs: ['test/integration/doors.integration-spec.ts'],
  },
  {
    id: 'step-up-too-long',
    file: 'libs/account/src/account-plane.ts',
    find: 'session.stepUpExpiresAt <= now',
    replace: 'session.stepUpExpiresAt < now',
    specs: stepUp,
  },
  {
    id: 'step-up-by-others',
    file: 'libs/account/src/step-up.service.ts',
    find: 'if (known?.userId !== caller.userId)',
    replace: 'if (!known)',
    specs: stepUp,
  },
  {
    id: 'step-up-of-third-parties',
    file: 'libs/account/src/account-plane.ts',
    find: "if (trust !== 'first-party') throw accountError('account.first_party_only');",
    replace: '',
    specs: stepUp,
  },
  {
    id: 'step-up-any-application',
    file: 'libs/auth/src/presented-proofs.ts',
    find: "if (typeof named === 'string' && named.toLowerCase() !== applicationId)",
    replace: 'if (typeof named === "boolean")',
    specs: stepUp,
  },
  {
    id: 'gateway-any-of-the-scopes',
    file: 'libs/gateway/src/gateway-check.ts',
    find: 'question.scopes.some((scope) =>',
    replace: 'question.scopes.length > 0 && question.scopes.every((scope) =>',
    specs: ['test/integration/gateway-questions.integration-spec.ts'],
  },
  {
    id: 'gateway-any-audience',
    file: 'libs/issuer/src/audience.ts',
    find: 'return settings.audiences.includes(asked) ? asked : null;',
    replace: 'return asked;',
    specs: ['libs/issuer/src/audience.spec.ts'],
  },
  {
    id: 'gateway-first-of-two-credentials',
    file: 'libs/gateway/src/check-headers.ts',
    find: 'areCredentialsRepeated ||= authorization !== undefined;',
    replace: '',
    specs: ['libs/gateway/src/check-headers.spec.ts'],
  },
  {
    id: 'gateway-any-number-of-headers',
    file: 'libs/gateway/src/gateway-endpoint.ts',
    find: "if (request.rawHeaders.length > 2 * MOST_HEADERS) throw requestError('request.too_large');",
    replace: '',
    specs: ['test/integration/gateway-connections.integration-spec.ts'],
  },
  {
    id: 'oauth-tells-of-others',
    file: 'libs/oauth/src/introspection.service.ts',
    find: 'return inspected?.principal.applicationId === applicationId',
    replace: 'return inspected',
    specs: ['test/integration/oauth-introspection.integration-spec.ts'],
  },
  {
    id: 'oauth-revokes-of-others',
    file: 'libs/oauth/src/revocation.service.ts',
    find: 'if (session?.applicationId !== applicationId) return;',
    replace: 'if (!session) return;',
    specs: ['test/integration/oauth-revocation.integration-spec.ts'],
  },
  {
    id: 'oauth-short-way-past-the-limit',
    file: 'libs/oauth/src/introspection-endpoint.ts',
    find: "  'forwarded',\n  'x-forwarded-for',\n",
    replace: "  'forwarded',\n",
    specs: ['test/integration/oauth-introspection-limits.integration-spec.ts'],
  },
  {
    id: 'device-key-nonce-of-the-future',
    file: 'libs/sessions/src/device-keys/dpop-nonces.ts',
    find: ' && age > -SKEW_SECONDS * SECOND',
    replace: '',
    specs: deviceKeys,
  },
  {
    id: 'device-key-of-strangers-remembered',
    file: 'libs/sessions/src/device-keys/device-keys.ts',
    find: 'if (wanted === undefined || equalsConstantTime(thumbprint, wanted)) await',
    replace: 'await',
    specs: deviceKeys,
  },
  {
    id: 'device-key-proof-twice',
    file: 'libs/limits/src/memory-marks.ts',
    find: "if ((marks.get(mark) ?? 0) > at) return 'known';",
    replace: '',
    specs: ['libs/limits/src/memory-marks.spec.ts'],
  },
  { id: 'limit-one-more', ...windows, find: 'used < rule.limit', replace: 'used <= rule.limit' },
  {
    id: 'limit-one-moment-longer',
    ...windows,
    find: 'window.endsAt > now.getTime()',
    replace: 'window.endsAt >= now.getTime()',
  },
  {
    id: 'per-request-bot-token-for-third-parties',
    file: 'libs/auth/src/per-request/per-request-init-data.ts',
    find: 'assertReliable(application, proof);',
    replace: 'void assertReliable;',
    specs: ['test/integration/per-request.integration-spec.ts'],
  },
  {
    id: 'limit-of-a-gateway-for-all-applications',
    file: 'libs/gateway/src/gateway-check.ts',
    find: '[applicationId, userId]',
    replace: '[userId ?? applicationId]',
    specs: rateLimits,
  },
  {
    id: 'limit-of-sign-ins-for-all-messengers',
    file: 'libs/auth/src/sign-in-limits.ts',
    find: '[application.id, proof.provider, proof.environment, proof.subject, key]',
    replace: '[application.id, proof.subject, key]',
    specs: rateLimits,
  },
];
