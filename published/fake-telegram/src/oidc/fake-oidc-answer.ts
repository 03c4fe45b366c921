export interface FakeOidcAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): FakeOidcAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** The page for the person at the browser. Nothing returns to the client. */
export function pageAnswer(status: number, text: string): FakeOidcAnswer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: `<p>${text}</p>` };
}

export function redirectAnswer(
  to: string,
  parameters: Readonly<Record<string, string | null>>,
): FakeOidcAnswer {
  const url = new URL(to);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  return { status: 302, headers: { location: url.href }, body: '' };
}
