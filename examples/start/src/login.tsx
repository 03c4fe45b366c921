import { textOf } from '@countersign/client';
import { askedLogin, type AskedLogin } from '@countersign/client/acts';
import { useCountersign } from '@countersign/client/react';
import { useEffect, useState, type FormEvent } from 'react';

type Request = Awaited<ReturnType<AskedLogin['describe']>>;

/** In a launch with `o_<code>`: a browser waits until its person types its number here. Anybody can send such a link. */
export function Login() {
  const client = useCountersign();
  const [asked] = useState(() => askedLogin(client));
  const [request, setRequest] = useState<Request | null>(null);
  const [number, setNumber] = useState('');
  const [isAccepted, setAccepted] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    asked?.describe().then(setRequest, (caught: unknown) => setError(textOf(caught)));
  }, [asked]);
  async function accept(event: FormEvent): Promise<void> {
    event.preventDefault();
    setError(null);
    try {
      // The form is only sent with the box below.
      await asked?.accept(Number(number), request !== null && request.toAgree.length > 0);
      setAccepted(true);
    } catch (caught) {
      setError(textOf(caught));
    }
  }
  if (isAccepted) return <p role="status">Your browser goes on by itself.</p>;
  if (!request) return error && <p role="alert">{error}</p>;
  const { clientName, browser, address, askedAt, toAgree } = request;
  return (
    <form onSubmit={(event) => void accept(event)}>
      <h2>Sign in to {clientName}?</h2>
      <p>
        This browser waits since {new Date(askedAt).toLocaleString()}, at the address {address}: {browser}
      </p>
      <p>
        Only type a number that you see in your own browser. One from a chat, a call or a mail is a trick.
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
      <button>Accept</button>
      {error && <p role="alert">{error}</p>}
    </form>
  );
}
