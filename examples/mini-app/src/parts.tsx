import type { ReactNode } from 'react';

export function Spinner({ label }: { readonly label: string }) {
  return (
    <p className="spinner" role="status">
      {label}
    </p>
  );
}

/** A whole page with one message, and at most one button. */
export function Notice({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="notice">
      <h1>{title}</h1>
      {children}
    </main>
  );
}

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = `title-of-${title.toLowerCase().replaceAll(' ', '-')}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

export function Failure({ error }: { readonly error: string | null }) {
  return (
    <p className="failure" role="alert">
      {error}
    </p>
  );
}

/** A `ref` that moves the focus to an element when it appears. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus();
}
