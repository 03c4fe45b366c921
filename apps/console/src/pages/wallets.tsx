import { useState, type ReactNode } from 'react';
import { call, inPath } from '../api';
import { useMay } from '../session';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act } from '../ui/act';
import { Button, Card, Field, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts } from '../ui/values';

const { wallets, person } = texts;
const scope = 'wallets:write';
const reason = { name: 'reason', label: person.reason, hint: person.reasonHint };

export function Wallets(): ReactNode {
  const may = useMay();
  if (!may('wallets:read')) return <p>{texts.notFound}</p>;
  return (
    <>
      <h1>{wallets.title}</h1>
      <div className="columns">
        <Custody />
        <Embedded />
      </div>
      <Card title={wallets.list}>
        <List
          path="/v1/admin/wallets"
          label={wallets.list}
          columns={[
            'walletId',
            'userId',
            'kind',
            'provider',
            'chainId',
            'isPrimary',
            'linkedAt',
            'ownersChangedAt',
          ]}
        />
      </Card>
    </>
  );
}

function Custody(): ReactNode {
  const { value, refusal, reload } = useLoaded('custody', (signal) =>
    call('GET', '/v1/admin/custody', { signal }),
  );
  const post = (act: string) => (body: object, idempotencyKey: string) =>
    call('POST', `/v1/admin/custody/${act}`, { idempotencyKey, ...(act === 'stop' ? { body } : {}) });
  return (
    <Card
      title={wallets.custody}
      acts={
        value ? (
          typeof value.body['stoppedAt'] === 'string' ? (
            <Act
              scope={scope}
              label={wallets.release}
              consequence={wallets.releaseText}
              run={post('release')}
              onDone={reload}
            />
          ) : (
            <Act
              scope={scope}
              label={wallets.stop}
              consequence={wallets.stopText}
              fields={[reason]}
              isDanger
              run={post('stop')}
              onDone={reload}
            />
          )
        ) : null
      }
    >
      {refusal ? <Problem refusal={refusal} /> : value ? <Facts of={value.body} /> : <Loading />}
    </Card>
  );
}

function Embedded(): ReactNode {
  const [typed, setTyped] = useState('');
  const [walletId, setWalletId] = useState('');
  return (
    <Card title={wallets.embedded}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setWalletId(typed.trim());
        }}
      >
        <Field label={wallets.walletId} value={typed} onChange={setTyped} isRequired />
        <div className="row">
          <Button type="submit">{wallets.open}</Button>
        </div>
      </form>
      {walletId === '' ? null : <EmbeddedWallet walletId={walletId} />}
    </Card>
  );
}

function EmbeddedWallet({ walletId }: { readonly walletId: string }): ReactNode {
  const path = `/v1/admin/embedded-wallets/${inPath(walletId)}`;
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  if (refusal) return <Problem refusal={refusal} />;
  if (!value) return <Loading />;
  return (
    <>
      <Facts of={value.body} />
      <div className="row">
        <Act
          scope={scope}
          label={wallets.freeze}
          consequence={wallets.freezeText}
          fields={[reason]}
          isDanger
          run={(body, idempotencyKey) => call('POST', `${path}/freeze`, { idempotencyKey, body })}
          onDone={reload}
        />
        <Act
          scope={scope}
          label={wallets.unfreeze}
          consequence={wallets.unfreezeText}
          run={(_, idempotencyKey) => call('POST', `${path}/unfreeze`, { idempotencyKey })}
          onDone={reload}
        />
      </div>
    </>
  );
}
