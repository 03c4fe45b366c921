import type { Application } from '@countersign/applications';

/**
 * Whom an application's identity tokens are addressed to: the application itself unless `asked` names another audience.
 * `null` when that one is not granted; the id of another application never is.
 */
export function audienceOf(
  { id, settings }: { readonly id: string; readonly settings: Pick<Application['settings'], 'audiences'> },
  asked: string | undefined,
): string | null {
  if (asked === undefined || asked === id) return id;
  return settings.audiences.includes(asked) ? asked : null;
}
