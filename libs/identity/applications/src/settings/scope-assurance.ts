import { ValidateBy, type ValidationArguments } from 'class-validator';

/** How hard a proof is to forge, weakest first: the words of a session's assurance. */
export const scopeAssurances = ['vendor', 'bot-token', 'platform'] as const;
export type ScopeAssurance = (typeof scopeAssurances)[number];

/** Every scope here has to be one of `scopes`: a misspelt one would restrict nothing. */
export function IsScopeAssurance(): PropertyDecorator {
  return ValidateBy({
    name: 'isScopeAssurance',
    validator: {
      validate: (value: unknown, { object }: ValidationArguments) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.entries(value).every(
          ([scope, assurance]: [string, unknown]) =>
            (object as { readonly scopes: readonly string[] }).scopes.includes(scope) &&
            scopeAssurances.some((known) => known === assurance),
        ),
      defaultMessage: () =>
        `must be an object: to a scope that stands in scopes, one of ${scopeAssurances.join(', ')}`,
    },
  });
}
