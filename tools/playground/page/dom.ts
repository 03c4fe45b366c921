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
