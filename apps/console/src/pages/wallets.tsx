import { useState, type ReactNode } from 'react';
import { call, inPath } from '../api';
import { go } from '../router';
import { useMay } from '../session';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act, reasonField } from '../ui/act';
import { useAmounts } from '../ui/amounts';
import { Button, Card, Choice, Field, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { One } from '../ui/one';
import { Facts, uuidOf } from '../ui/values';

const { wallets, person } = texts;
const scope = 'wallets:write';
const providers = ['ethereum', 'ton'] as const;

export function Wallets(): ReactNode {
  const may = useMay();
  const [userId, setUserId] = useState('');
  const [provider, setProvider] = useState('');
  const [walletId, setWalletId] = useState('');
  if (!may('wallets:read')) return <p>{texts.notFound}</p>;
  return (
    <>
      <h1>{wallets.title}</h1>
      <div className="columns">
        <Custody />
        <Card title={wallets.find}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              go('wallets', walletId.trim());
            }}
          >
            <Field label={wallets.walletId} value={walletId} onChange={setWalletId} isRequired />
            <div className="row">
              <Button type="submit">{wallets.open}</Button>
            </div>
          </form>
        </Card>
      </div>
      <Card title={wallets.list}>
        <div className="row">
          <Field label={wallets.userId} value={userId} onChange={setUserId} />
          <Choice
            label={wallets.provider}
            value={provider}
            options={[['', wallets.any], ...providers.map((each) => [each, each] as const)]}
            onChange={setProvider}
          />
        </div>
        <List
          path="/v1/admin/wallets"
          label={wallets.list}
          query={{ userId: uuidOf(userId), provider }}
          columns={['walletId', 'userId', 'kind', 'provider', 'chainId', 'isPrimary', 'linkedAt']}
        />
      </Card>
    </>
  );
}

export function Wallet({ walletId }: { readonly walletId: string }): ReactNode {
  const path = `/v1/admin/wallets/${inPath(walletId)}`;
  return (
    <One path={path} list={['wallets', wallets.title]} title={wallets.one}>
      {({ body }) => (
        <>
          <Card
            title={wallets.one}
            acts={
              body['kind'] === 'embedded' ? null : (
                <Act
                  scope={scope}
                  label={person.unlink}
                  consequence={person.unlinkText}
                  isDanger
                  run={(_, idempotencyKey) => call('DELETE', path, { idempotencyKey })}
                  onDone={() => {
                    go('wallets');
                  }}
                />
              )
            }
          >
            <Facts of={body} />
          </Card>
          {body['kind'] === 'embedded' ? <Embedded walletId={walletId} /> : null}
        </>
      )}
    </One>
  );
}

function Custody(): ReactNode {
  const { value, refusal, reload } = useLoaded('custody', (signal) =>
    call('GET', '/v1/admin/custody', { signal }),
  );
  const post = (act: string) => (body: object, idempotencyKey: string) =>
    call('POST', `/v1/admin/custody/${act}`, { idempotencyKey, body });
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
              fields={[reasonField]}
              run={post('release')}
              onDone={reload}
            />
          ) : (
            <Act
              scope={scope}
              label={wallets.stop}
              consequence={wallets.stopText}
              fields={[reasonField]}
              isDanger
              run={post('stop')}
              onDone={reload}
            />
          )
        ) : null
      }
    >
      {refusal ? (
        <Problem refusal={refusal} retry={reload} />
      ) : value ? (
        <Facts of={value.body} />
      ) : (
        <Loading />
      )}
    </Card>
  );
}

function Embedded({ walletId }: { readonly walletId: string }): ReactNode {
  const path = `/v1/admin/embedded-wallets/${inPath(walletId)}`;
  const amounts = useAmounts();
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  const post = (act: string) => (body: object, idempotencyKey: string) =>
    call('POST', `${path}/${act}`, { idempotencyKey, body });
  return (
    <>
      <Card
        title={wallets.embedded}
        acts={
          value === null ? null : value.body['frozenAt'] === null ? (
            <Act
              scope={scope}
              label={wallets.freeze}
              consequence={wallets.freezeText}
              fields={[reasonField]}
              isDanger
              run={post('freeze')}
              onDone={reload}
            />
          ) : (
            <Act
              scope={scope}
              label={wallets.unfreeze}
              consequence={wallets.unfreezeText}
              fields={[reasonField]}
              run={post('unfreeze')}
              onDone={reload}
            />
          )
        }
      >
        {refusal ? (
          <Problem refusal={refusal} retry={reload} />
        ) : value ? (
          <Facts of={value.body} />
        ) : (
          <Loading />
        )}
      </Card>
      <Card title={wallets.sends}>
        <List
          path="/v1/admin/sends"
          label={wallets.sends}
          query={{ walletId }}
          columns={['sendId', 'chainId', 'state', 'applicationId', 'createdAt', 'lookedAt']}
          shown={amounts}
        />
      </Card>
    </>
  );
}
