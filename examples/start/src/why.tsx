import { textOf, type CountersignError } from '@countersign/client';

/** Says why something did not work. The code is for you, and for people who ask you for help. */
export function Why({ error }: { readonly error: unknown }) {
  const { code } = error as Partial<CountersignError>;
  return (
    <p role="alert">
      {textOf(error)} {code && <code>{code}</code>}
    </p>
  );
}
