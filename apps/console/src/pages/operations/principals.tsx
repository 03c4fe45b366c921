import type { ReactNode } from 'react';
import { call, inPath } from '../../api';
import { go, hrefOf } from '../../router';
import { useSession } from '../../session';
import { texts } from '../../texts';
import { useRound } from '../../use-loaded';
import { Act, listOf } from '../../ui/act';
import { Card } from '../../ui/basics';
import { List } from '../../ui/list';
import { One } from '../../ui/one';
import { Facts } from '../../ui/values';
import { Secrets } from './secrets';

const { principals } = texts;
const scope = 'principals:write';
const scopesField = { name: 'scopes', label: principals.scopes, hint: principals.scopesHint, rows: 6 };

export function Principals(): ReactNode {
  const [round, reloadList] = useRound();
  return (
    <>
      <h1>{principals.title}</h1>
      <Card
        title={principals.title}
        acts={
          <Act
            scope={scope}
            label={principals.create}
            consequence={principals.createText}
            fields={[{ name: 'name', label: principals.name }, scopesField]}
            run={({ name, scopes }, idempotencyKey) =>
              call('POST', '/v1/admin/principals', {
                idempotencyKey,
                body: { name, scopes: listOf(scopes) },
              })
            }
            show={({ body }) => body}
            onDone={reloadList}
          />
        }
      >
        <List
          path="/v1/admin/principals"
          label={principals.title}
          round={round}
          columns={['name', 'status', 'createdBy', 'createdAt']}
          acts={({ principalId }) => <a href={hrefOf('principals', String(principalId))}>{texts.show}</a>}
        />
      </Card>
    </>
  );
}

export function Principal({ principalId }: { readonly principalId: string }): ReactNode {
  const session = useSession();
  const path = `/v1/admin/principals/${inPath(principalId)}`;
  return (
    <One path={path} list={['principals', principals.title]} title={principals.one}>
      {({ body }, reload) => {
        const isActive = body['status'] === 'active';
        const scopes = body['scopes'] as readonly string[];
        const isOfProvider = body['providerSubject'] !== null;
        const isWithin = scopes.every((each) => session.scopes.includes(each));
        const change = (of: object, idempotencyKey: string) =>
          call('PATCH', path, { idempotencyKey, body: of });
        return (
          <>
            <Card
              title={String(body['name'])}
              acts={
                isWithin ? (
                  <div className="row">
                    <Act
                      scope={scope}
                      label={isActive ? principals.disable : principals.enable}
                      consequence={isActive ? principals.disableText : principals.enableText}
                      isDanger={isActive}
                      run={(_, key) => change({ status: isActive ? 'disabled' : 'active' }, key)}
                      onDone={reload}
                    />
                    {isOfProvider ? null : (
                      <Act
                        scope={scope}
                        label={principals.change}
                        consequence={principals.changeText}
                        fields={[scopesField]}
                        initial={{ scopes: scopes.join('\n') }}
                        run={({ scopes: next }, key) => change({ scopes: listOf(next) }, key)}
                        onDone={reload}
                      />
                    )}
                    {principalId === session.principalId || isOfProvider ? null : (
                      <Act
                        scope={scope}
                        label={principals.remove}
                        consequence={principals.removeText}
                        isDanger
                        run={(_, idempotencyKey) => call('DELETE', path, { idempotencyKey })}
                        onDone={() => {
                          go('principals');
                        }}
                      />
                    )}
                  </div>
                ) : (
                  <p className="hint">{principals.beyond}</p>
                )
              }
            >
              <Facts of={body} />
            </Card>
            <Secrets
              path={`${path}/secrets`}
              scope={scope}
              isFixed={isOfProvider || !isWithin}
              columns={['name', 'issuedBy', 'createdAt', 'expiresAt', 'lastUsedAt']}
              fields={[
                { name: 'name', label: texts.secrets.name },
                {
                  name: 'expiresAt',
                  label: texts.secrets.expiresAt,
                  hint: texts.secrets.expiresAtHint,
                  isOptional: true,
                },
              ]}
            />
          </>
        );
      }}
    </One>
  );
}
