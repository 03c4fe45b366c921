type Child = Node | string | null;
type Props<T> = Partial<Record<`aria-${string}`, string>> & {
  readonly [K in keyof T]?: T[K];
} & { readonly role?: string };

/** An element with its properties (`aria-*` and `role` are attributes) and children. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props<HTMLElementTagNameMap[Tag]> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props))
    if (name.startsWith('aria-') || name === 'role') element.setAttribute(name, value as string);
    else Object.assign(element, { [name]: value });
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** The last characters of a secret, to tell it from others. */
export function tail(secret: string): string {
  // The joiner keeps a line from ending behind the dots.
  return `…\u2060${secret.slice(-6)}`;
}

/** "29 min 05 s", "12 days 3 h". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours] = [Math.floor(whole / 86_400), Math.floor((whole % 86_400) / 3600)];
  if (days > 0) return `${days} ${days === 1 ? 'day' : 'days'} ${hours} h`;
  const [minutes, rest] = [Math.floor(whole / 60), String(whole % 60).padStart(2, '0')];
  return minutes > 0 ? `${minutes} min ${rest} s` : `${whole} s`;
}
