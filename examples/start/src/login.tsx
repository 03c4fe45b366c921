import { textOf } from '@countersign/client';
import { askedLogin, type AskedLogin } from '@countersign/client/acts';
import { useCountersign } from '@countersign/client/react';
import { useEffect, useState, type FormEvent } from 'react';

type Request = Awaited<ReturnType<AskedLogin['describe']>>;

/** A launch with `o_<code>` opens this form. A browser waits until its person types its number here. Any person can send such a link. */
export function Login() {
  const client = useCountersign();
  const [asked] = useState(() => askedLogin(client));
  const [request, setRequest] = useState<Request | null>(null);
  const [number, setNumber] = useState('');
  const [done, setDone] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    asked?.describe().then(setRequest, (caught: unknown) => setError(textOf(caught)));
  }, [asked]);
  async function answer(call: Promise<void> | undefined, text: string): Promise<void> {
    setError(null);
    try {
      await call;
      setDone(text);
    } catch (caught) {
      setError(textOf(caught));
    }
  }
  function accept(event: FormEvent): void {
    event.preventDefault();
    // The browser sends the form only if the box below is checked.
    const consent = request !== null && request.toAgree.length > 0;
    void answer(asked?.accept(Number(number), consent), 'Accepted. Go back to your browser.');
  }
  if (done) return <p role="status">{done}</p>;
  if (!request) return error && <p role="alert">{error}</p>;
  const { clientName, device, browser, address, askedAt, toAgree } = request;
  return (
    <form onSubmit={accept}>
      {device ? (
        <>
          <h2>Sign in a device to {clientName}?</h2>
          <p>
            You are about to sign in a device, not your browser. Accept only if the device is yours and in
            front of you.
          </p>
          <p>
            The device: {device.browser}, at the address {device.address}
          </p>
        </>
      ) : (
        <h2>Sign in to {clientName}?</h2>
      )}
      <p>
        The browser: {browser}, at the address {address}. It has been waiting since{' '}
        {new Date(askedAt).toLocaleString()}.
      </p>
      <p>
        Only type a number that you see in your own browser. A number from a chat, a call or a mail is a
        trick.
      </p>
      {toAgree.length > 0 && (
        <p>
          <label>
            <input type="checkbox" required /> {clientName} gets {toAgree.join(', ')}.
          </label>
        </p>
      )}
      <label>
        The number in your browser{' '}
        <input
          inputMode="numeric"
          pattern="[0-9]+"
          required
          value={number}
          onChange={(event) => setNumber(event.target.value)}
        />
      </label>{' '}
      <button>Accept</button>{' '}
      <button
        type="button"
        onClick={() => void answer(asked?.refuse(), 'Refused. The browser is not signed in.')}
      >
        Refuse
      </button>
      {error && <p role="alert">{error}</p>}
    </form>
  );
}
