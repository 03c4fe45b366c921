import type { Application } from '@countersign/applications';

/**
 * The audience of an application's identity tokens: the application itself unless `asked` names another one.
 * `null` when that one is not granted; the id of another application never is.
 */
export function audienceOf(
  { id, settings }: { readonly id: string; readonly settings: Pick<Application['settings'], 'audiences'> },
  asked: string | undefined,
): string | null {
  if (asked === undefined || asked === id) return id;
  return settings.audiences.includes(asked) ? asked : null;
}
